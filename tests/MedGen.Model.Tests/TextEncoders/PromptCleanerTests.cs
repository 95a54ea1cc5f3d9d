using System.Text.Json;
using CsCheck;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.TextEncoders.Cleaning;

namespace MedGen.Model.Tests.TextEncoders;

public sealed class PromptCleanerTests
{
    [Fact]
    public void Clean_EveryGoldenText_GivesTheSameText()
    {
        JsonElement cases = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Path("tokenizer", "cases.json"))).RootElement.GetProperty("cases");
        foreach (JsonElement golden in cases.EnumerateArray())
        {
            PromptCleaner.Clean(golden.GetProperty("text").GetString()!).ShouldBe(golden.GetProperty("cleaned").GetString());
        }
    }

    // Examples that the documentation of ftfy 6.3 gives, and what its rules say about each of the other repairs.
    [Theory]
    [InlineData("Ãºnico", "único")]
    [InlineData("schÃ¶n", "schön")]
    [InlineData("This â€” should be an em dash", "This — should be an em dash")]
    [InlineData("âœ” No problems", "✔ No problems")]
    [InlineData("l’humanitÃ©", "l'humanité")]
    [InlineData("&macr;\\_(ã\u0083\u0084)_/&macr;", "¯\\_(ツ)_/¯")]
    [InlineData("\u00c3\u00a0\u00c2\u00b2\u00c2\u00a0_\u00c3\u00a0\u00c2\u00b2\u00c2\u00a0", "ಠ_ಠ")]
    [InlineData("voilÃ le travail", "voilà le travail")]
    [InlineData("This text is sad .â\u0081”.", "This text is sad .⁔.")]
    [InlineData("This text was never UTF-8 at all\u0085", "This text was never UTF-8 at all…")]
    [InlineData("â€œ like this â€�", "\" like this �")]
    [InlineData("IL Y MARQUÃ‰…", "IL Y MARQUÉ…")]
    [InlineData("(à l'époque) tissu â€œmouâ€\u009d et naÃ¯f – Ж", "(à l'époque) tissu \"mou\" et naïf – Ж")]
    [InlineData("This text is fine already :þ", "This text is fine already :þ")]
    [InlineData("not such a fan of Charlotte Brontë…”", "not such a fan of Charlotte Brontë…\"")]
    [InlineData("AHÅ™, the new sofa from IKEA®", "AHÅ™, the new sofa from IKEA®")]
    [InlineData("ＬＯＵＤ　ＮＯＩＳＥＳ", "LOUD NOISES")]
    [InlineData("Ｕﾀｰﾝ ｶﾞ", "Uターン ガ")]
    [InlineData("ﬂuﬃeﬆ", "fluffiest")]
    [InlineData("P&EACUTE;REZ, BUNDESSTRA&SZLIG;E, &Jscr;ohn", "PÉREZ, BUNDESSTRASSE, 𝒥ohn")]
    [InlineData("\u001b[36;44mblue\u001b[0m \ufeffbom", "blue bom")]
    [InlineData("a\u2028b\u0085c\r\nd\re", "a b…c d e")]
    [InlineData("&#x92; &#150; &#0; &amp;amp;lt;", "' – \ufffd <")]
    [InlineData("<&#1114109;&#1114112;&#99999999999;&#x1F3E5;", "<\U0010FFFD\ufffd\ufffd🏥")]
    [InlineData("<b>&eacute;</b> &ampx &notit;", "<b>é</b> &x ¬it;")]
    [InlineData("A\u030a \u1112\u1161\u11ab q\u0323\u0307 q\u0307\u0323", "Å 한 q\u0323\u0307 q\u0323\u0307")]
    [InlineData("\u0000\u001c a \u00a0\u3000 b \t", "a b")]
    public void Clean_KnownDamage_IsRepaired(string text, string expected)
    {
        PromptCleaner.Clean(text).ShouldBe(expected);
    }

    [Fact]
    public void Clean_LoneSurrogates_BecomeReplacementCharacters()
    {
        // Not a theory: an attribute cannot hold a lone surrogate.
        PromptCleaner.Clean("\ud83d x \ude00").ShouldBe("\ufffd x \ufffd");
    }

    [Fact]
    public void Clean_AnyUtf16_IsOneLineOfWellFormedText()
    {
        Gen.OneOf(Gen.Char['\0', '\u02ff'].Array[0, 30], Gen.Char['\0', '\uffff'].Array[0, 30]).Sample(
            characters =>
            {
                string cleaned = PromptCleaner.Clean(new string(characters));
                cleaned.ShouldBe(cleaned.Trim());
                cleaned.ShouldNotContain("  ");
                cleaned.EnumerateRunes().Sum(rune => rune.Utf16SequenceLength).ShouldBe(cleaned.Length);
            },
            iter: 5000);
    }

    [Fact]
    public void Clean_ReadAsWindows1252_IsReadAgainAsUtf8()
    {
        foreach (string text in (string[])["naïve café", "“quoted”", "Ärzte müssen", "5 µm – 10 µm", "température 37,5 °C…", "外科手術"])
        {
            string misread = CodePage.Windows1252.Decode(System.Text.Encoding.UTF8.GetBytes(text));
            PromptCleaner.Clean(misread).ShouldBe(PromptCleaner.Clean(text));
            PromptCleaner.Clean(CodePage.Windows1252.Decode(System.Text.Encoding.UTF8.GetBytes(misread))).ShouldBe(PromptCleaner.Clean(text));
        }
    }

    [Fact]
    public void Normalize_ComposedAndDecomposed_GiveTheSameForm()
    {
        CanonicalComposition.Normalize("\u1e9b\u0323").ShouldBe("\u1e9b\u0323");
        CanonicalComposition.Normalize("\u0344").ShouldBe("\u0308\u0301");
        CanonicalComposition.Normalize("\u0958").ShouldBe("\u0915\u093c");
        CanonicalComposition.Normalize("\u212b \u2126").ShouldBe("\u00c5 \u03a9");
        CanonicalComposition.Normalize("\u1100\uac00\u11a8").ShouldBe("\u1100\uac01");
        CanonicalComposition.Normalize("a\u0315\u0300\u05ae\u0062").ShouldBe("\u00e0\u05ae\u0315b");
    }
}
