"""Data sets as a host makes them, without a host."""

import csv
import io
import json
import pathlib
import sys
import tarfile
import tempfile
import types
import unittest
from unittest import mock

import medgen
import numpy
import torch
from medgen import video


class DatasetTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "made"
        self.folder.mkdir()

    def make(self, rows, labels=None):
        """A data set of films of 3 frames, 6 x 4 px, each as bright as its number."""
        columns = ["file_name", "label", "split", "source", "patient_id", "label_weights"]
        with (self.folder / "metadata.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for index, row in enumerate(rows):
                name = f"{index}.mkv"
                video.write_frames(self.folder / name, numpy.full((3, 4, 6, 3), 10 * index, numpy.uint8))
                writer.writerow([name, *row])
        if labels:
            (self.folder / "augmentation.json").write_text(json.dumps({"spec": {"labels": labels}}), encoding="utf-8")
        return medgen.Dataset.open(self.folder)

    def test_clips_have_label_split_patient_and_frames(self):
        made = self.make([("a", "train", "real", "p1", ""), ("b", "train", "synthetic", "p1", ""), ("a", "test", "real", "p2", "")])

        self.assertEqual((3, ["a", "b"]), (len(made), made.classes))
        self.assertEqual([False, True, False], [clip.synthetic for clip in made])
        self.assertEqual(("p2", "test", 20), (made[2].patient, made[2].split, int(made[2].frames[0, 0, 0, 0])))
        self.assertEqual(2, len(made.split("train")))
        self.assertEqual(1, len(made[1:2]))
        self.assertIn("<tr><td>a</td><td>1</td><td>0</td><td>0</td><td>0</td><td>1</td><td>0</td></tr>", made._repr_html_())
        with self.assertRaisesRegex(ValueError, "split: got 'val'; allowed: train, validation, test"):
            made.split("val")

    def test_torch_gives_scaled_clips_and_class_indices(self):
        made = self.make([("a", "train", "real", "p1", ""), ("b", "train", "real", "p2", "")])

        loader = torch.utils.data.DataLoader(made.torch(5, size=(2, 3)), batch_size=2, num_workers=1)
        picture, target = next(iter(loader))

        self.assertEqual((2, 3, 5, 2, 3), tuple(picture.shape))
        self.assertAlmostEqual(10 / 255, picture[1].max().item(), 5)
        self.assertEqual([0, 1], target.tolist())
        self.assertEqual(3, made.torch(3)[0][0].shape[1])
        self.assertEqual(7, made.torch(3, transform=lambda one: one + 7)[0][0].min().item())
        self.assertEqual(2, made.torch(1, classes=["c", "b", "a"])[0][1])

    def test_torch_refuses_what_it_cannot_do(self):
        made = self.make([("a", "train", "real", "p1", "")])

        for pattern, arguments in (("num_frames: got 0", {"num_frames": 0}), ("size: got", {"num_frames": 1, "size": (0, 4)}),
                                   ("a clip is of the class 'a'", {"num_frames": 1, "classes": ["b"]})):
            with self.assertRaisesRegex(ValueError, pattern):
                made.torch(**arguments)

    def test_mixed_clips_have_shares_of_classes(self):
        made = self.make([("a", "train", "real", "p1", ""), ("a", "train", "synthetic", "p1", '{"a": 0.75, "b": 0.25}')])

        self.assertEqual([[1, 0], [0.75, 0.25]], [made.torch(1)[index][1].tolist() for index in range(2)])

    def test_labels_of_several_and_numbers_are_read_as_the_run_read_them(self):
        several = self.make([("a|b", "train", "real", "p1", ""), ("b", "train", "real", "p2", "")], {"type": "multi", "separator": "|"})
        self.assertEqual([[1, 1], [0, 1]], [several.torch(1)[index][1].tolist() for index in range(2)])

        numbers = self.make([("55.5", "train", "real", "p1", "")], {"type": "numeric"})
        self.assertEqual(([], 55.5, 55.5), (numbers.classes, numbers[0].value, numbers.torch(1)[0][1].item()))
        with self.assertRaisesRegex(ValueError, "metadata.csv, line 2: label is no number"):
            self.make([("high", "train", "real", "p1", "")], {"type": "numeric"})

    def test_a_folder_of_pictures_is_a_clip(self):
        folder = self.folder / "pictures"
        folder.mkdir()
        for index in range(2):
            video.write_frames(folder / f"{index:06d}.png", numpy.full((1, 4, 6, 3), 100 + index, numpy.uint8))

        folder = folder.rename(self.folder / "100%d")

        numpy.testing.assert_array_equal([100, 101], video.read_frames(folder)[:, 0, 0, 0])

    def test_a_tar_file_is_unpacked_and_one_that_leads_out_refused(self):
        self.make([("a", "train", "real", "p1", "")])
        path = self.folder.parent / "made.tar"
        with tarfile.open(path, "w") as tar:
            tar.add(self.folder, arcname=".")
        self.assertEqual((3, 4, 6, 3), medgen.Dataset.open(path, folder=self.folder.parent / "there")[0].frames.shape)

        for name, kind in (("../out.csv", tarfile.REGTYPE), ("link", tarfile.SYMTYPE)):
            with tarfile.open(path, "w") as tar:
                member = tarfile.TarInfo(name)
                member.type = kind
                tar.addfile(member, io.BytesIO())
            with self.assertRaisesRegex(ValueError, "is no file within the data set"):
                medgen.Dataset.open(path)
        self.assertFalse((self.folder.parent / "out.csv").exists())

    def test_what_is_wrong_with_a_list_is_named(self):
        with self.assertRaisesRegex(ValueError, "made has no metadata.csv"):
            medgen.Dataset.open(self.folder)
        for text, pattern in (("file_name\n", "no column label"), ("file_name,label\n../x,a\n", "line 2: file_name names no file"),
                              ("file_name,label\n.\n", "line 2: has another number of cells")):
            (self.folder / "metadata.csv").write_text(text, encoding="utf-8")
            with self.assertRaisesRegex(ValueError, pattern):
                medgen.Dataset.open(self.folder)
        with self.assertRaisesRegex(ValueError, "line 2: split is 'dev'"):
            self.make([("a", "dev", "real", "p1", "")])

    def test_without_torch_or_datasets_an_error_says_so_and_with_datasets_it_has_the_columns(self):
        made = self.make([("a", "train", "real", "p1", "")])
        with mock.patch.dict(sys.modules, {"torch": None}):
            sys.modules.pop("medgen._torch", None)
            with self.assertRaisesRegex(ImportError, "needs PyTorch"):
                made.torch(1)
        with mock.patch.dict(sys.modules, {"datasets": None}), self.assertRaisesRegex(ImportError, "needs the package datasets"):
            made.huggingface()

        stand_in = types.SimpleNamespace(Dataset=types.SimpleNamespace(from_dict=lambda table: table))
        with mock.patch.dict(sys.modules, {"datasets": stand_in}):
            table = made.huggingface()
        self.assertEqual((["a"], [str(self.folder.resolve() / "0.mkv")]), (table["label"], table["path"]))

    def test_a_strip_is_a_picture_of_frames(self):
        frames = numpy.random.default_rng(1).integers(0, 256, (9, 5, 7, 3), numpy.uint8)
        path = self.folder / "strip.png"
        path.write_bytes(medgen.Strip(frames, 3)._repr_png_())

        numpy.testing.assert_array_equal(numpy.concatenate([frames[0], frames[4], frames[8]], axis=1), video.read_frames(path)[0])
        with self.assertRaisesRegex(ValueError, "count: got 0"):
            medgen.Strip(frames, 0)


if __name__ == "__main__":
    unittest.main()
