"""The client against a running host, whose address is in MEDGEN_TEST_HOST."""

import asyncio
import os
import pathlib
import tempfile
import unittest

import medgen
import numpy
from medgen import _protocol, video
from proxy import Proxy

HOST = os.environ["MEDGEN_TEST_HOST"]
SMALL = {"width": 64, "height": 64, "num_frames": 5, "num_inference_steps": 8}


class ClientTests(unittest.TestCase):
    def setUp(self):
        self.client = medgen.Client(HOST)
        self.addCleanup(self.client.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_generate_gives_frames_seed_and_warnings(self):
        seen = []
        clip = self.client.generate("A lung with a thyroid.", seed=7, progress=seen.append, **SMALL)

        self.assertEqual((5, 64, 64, 3), clip.frames.shape)
        self.assertEqual(7, clip.seed)
        self.assertEqual(["not known to this model: thyroid"], clip.warnings)
        self.assertTrue(clip.artifact.synthetic)
        self.assertTrue(any(one.stage == "denoising" for one in seen))
        self.assertIn("<video", clip._repr_html_())

    def test_generate_again_with_the_seed_gives_the_same_frames(self):
        one, two = (self.client.generate("A lung.", seed=11, **SMALL).frames for _ in range(2))

        numpy.testing.assert_array_equal(one, two)

    def test_upload_of_an_array_keeps_every_pixel(self):
        frames = numpy.random.default_rng(1).integers(0, 256, (3, 31, 47, 3), numpy.uint8)
        done = []

        stored = self.client.upload(frames, patient="p-1", progress=lambda *one: done.append(one))
        back = self.client.download(stored, self.folder / "back.mkv")

        numpy.testing.assert_array_equal(frames, video.read_frames(back))
        self.assertEqual("p-1", stored.message.patient_pseudonym)
        self.assertEqual((stored.size_bytes, stored.size_bytes), done[-1])

    def test_analyze_of_a_still_and_of_a_film_gives_labels(self):
        film = self.client.analyze(numpy.full((4, 64, 64, 3), 30, numpy.uint8), "imaging-modality")
        still = self.client.classify(numpy.full((64, 64, 3), 30, numpy.uint8))

        self.assertIn("medgen.imaging-modality", film.plugin)
        self.assertAlmostEqual(1, sum(film.labels().probabilities.values()), 3)
        self.assertEqual("modality", still.output)
        self.assertIn("<meter", film._repr_html_())
        with self.assertRaises(LookupError):
            film.labels("none")

    def test_live_findings_follow_their_frame(self):
        given = []

        def frames():
            for index in range(3):
                given.append(index)
                yield numpy.full((64, 64, 3), 60 * index, numpy.uint8)

        findings = list(self.client.live(frames(), "imaging-modality", frames_per_second=1))

        self.assertEqual([0, 1, 2], given)
        self.assertEqual([0, 1, 2], [one.frame.index for one in findings if one.WhichOneof("scope") == "frame"])

    def test_dicom_finds_what_was_uploaded_and_names_what_there_is_not(self):
        fixture = pathlib.Path(__file__).parents[3] / "tests" / "fixtures" / "dicom" / "ct1_j2k_lossy.dcm"
        stored = self.client.upload(fixture)

        found = self.client.dicom.query("instances", match={"Modality": "CT"})
        study = found[0]["0020000D"]["Value"][0]

        self.assertEqual("application/dicom", stored.media_type)
        self.assertEqual(1, len(found))
        self.assertEqual(1, len(self.client.dicom.query(match={"StudyInstanceUID": study})))
        self.assertEqual([], self.client.dicom.query("series", study=study, match={"Modality": "US"}))
        self.assertEqual(0, self.client.dicom.rules().quiet_time_seconds)
        self.assertEqual([], self.client.dicom.studies(study))
        with self.assertRaises(medgen.NotFoundError):
            self.client.dicom.query(archive="pacs")
        with self.assertRaises(medgen.NotFoundError):
            self.client.dicom.send("pacs", [stored])
        with self.assertRaises(medgen.NotFoundError):
            self.client.dicom.retrieve("pacs", study)
        with self.assertRaisesRegex(ValueError, "allowed: unspecified, studies, series, instances"):
            self.client.dicom.query("patients")
        with self.assertRaises(medgen.InvalidRequestError):
            self.client.dicom.query(match={"NoSuchKeyword": "1"})

    def test_what_is_wrong_is_named(self):
        with self.assertRaises(medgen.InvalidRequestError) as refused:
            self.client.generate("A lung.", width=17, num_frames=4)
        self.assertEqual(["width", "num_frames"], [one.field for one in refused.exception.violations])
        with self.assertRaisesRegex(medgen.InvalidRequestError, "widht: unknown; allowed: prompt"):
            self.client.generate("A lung.", widht=64)
        with self.assertRaises(medgen.NotFoundError):
            self.client.job("0" * 32).status()
        with self.assertRaisesRegex(ValueError, r"got float64 \[2, 2\]; allowed: uint8"):
            self.client.upload(numpy.zeros((2, 2)))
        with self.assertRaises(medgen.MedGenError):
            self.client.analyze(numpy.zeros((64, 64, 3), numpy.uint8), "no-such-task")
        with self.assertRaisesRegex(ValueError, "certificate and key"):
            medgen.Client(HOST, certificate="a.pem")
        self.assertEqual([], list(self.folder.iterdir()))

    def test_a_connection_that_breaks_is_made_again_and_no_event_told_twice(self):
        with Proxy(HOST) as proxy, medgen.Client(proxy.address) as client:
            drops = []

            def drop_once(progress):
                if not drops:
                    drops.append(progress)
                    proxy.drop()

            clip = client.generate("A lung.", seed=3, progress=drop_once, **SMALL)
            numbers = [one.number for one in client.job(clip.job_id).events()]

            self.assertEqual(1, len(drops))
            self.assertEqual(sorted(set(numbers)), numbers)
            proxy.drop()
            self.assertEqual(clip.artifact.size_bytes, client.download(clip.artifact, self.folder / "clip.mp4").stat().st_size)

    def test_a_job_that_has_ended_can_be_deleted_and_its_clip_stays(self):
        clip = self.client.generate("A lung.", seed=5, **SMALL)

        self.client.job(clip.job_id).delete()

        with self.assertRaises(medgen.NotFoundError):
            self.client.job(clip.job_id).status()
        self.assertEqual(5, len(clip.frames))

    def test_a_cancelled_job_says_so(self):
        with self.assertRaises(medgen.JobCancelledError):
            asyncio.run(self.generate_and_cancel())
        self.assertEqual("cancelled", self.client.jobs(1)[0].state)
        self.assertIn(self.client.jobs(1)[0].job_id, [one.job_id for one in self.client.jobs(state="cancelled")])
        with self.assertRaisesRegex(ValueError, "allowed: .*queued"):
            self.client.jobs(state="lost")

    async def generate_and_cancel(self):
        async with medgen.AsyncClient(HOST) as client:
            cancelled = []

            async def cancel():
                cancelled.append(await client.job((await client.jobs(1))[0].job_id).cancel())

            await client.generate("A lung.", progress=lambda _: cancelled or asyncio.ensure_future(cancel()), **dict(SMALL, num_inference_steps=200))

    def test_a_curation_of_a_folder_that_the_host_does_not_allow_is_refused(self):
        with self.assertRaises(medgen.AccessError) as refused:
            self.client.curate("/films", "/curated", spec='{"min_short_side": 96}')
        self.assertEqual("PERMISSION_DENIED", refused.exception.code)
        self.assertIn("data_folder", str(refused.exception))

    def test_every_message_of_the_contract_can_be_read(self):
        for name in ("Job", "JobEvent", "GenerateVideoRequest", "Finding", "ListPluginsResponse", "Model"):
            self.assertEqual(f"medgen.v1.{name}", _protocol.message(name).DESCRIPTOR.full_name)
        self.assertEqual(3, _protocol.enum_number("JobState", "succeeded"))
        self.assertEqual("medgen-mini", self.client.model().name)
        self.assertGreater(self.client.system().disk_total_bytes, 0)
        self.assertIn("medgen.generation", [one.plugin_id for one in self.client.plugins()])


if __name__ == "__main__":
    unittest.main()
