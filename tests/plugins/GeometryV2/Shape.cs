namespace Acme.Geometry;

public static class Shape
{
    public static string Describe() => "geometry 2";
}
