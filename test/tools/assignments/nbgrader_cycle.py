"""The whole cycle with nbgrader, for two students: release, fetch, submit, collect, our scores, a written answer graded by hand in formgrader, feedback; and the Validate button on our kernel."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from nbgrader.api import Gradebook

ROOT = Path(__file__).resolve().parents[3]
BIN = ROOT / ".venv" / "bin"
NAME = "04-logistic-regression"
TOKEN = "cycle"
UTF8 = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
ENV = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYDEVD_DISABLE_FILE_VALIDATION": "1", "LC_ALL": UTF8, "JUPYTER_PATH": str(ROOT / "build" / "jupyter")}


def run(*words, cwd, env=ENV):
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=env, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def edit(file, change):
    notebook = json.loads(file.read_text())
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        cell["source"] = change(cell["id"], source)
    file.write_text(json.dumps(notebook))


def reference_answers():
    cells = json.loads((ROOT / "notebooks" / "exercises" / f"{NAME}.ipynb").read_text())["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells}


class Server:
    """A Jupyter server in a folder, with nbgrader's extensions."""

    def __init__(self, folder, *options):
        config = Path(tempfile.mkdtemp(dir=folder, prefix=".jupyter-"))
        (config / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": {"jpserver_extensions": {name: True for name in ("nbgrader.server_extensions.formgrader", "nbgrader.server_extensions.validate_assignment")}}}))
        command = [BIN / "jupyter", "server", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={TOKEN}", *options]
        self.log = open(Path(folder) / "server.log", "w+")
        self.process = subprocess.Popen([str(word) for word in command], cwd=folder, env={**ENV, "JUPYTER_CONFIG_DIR": str(config)}, stdout=self.log, stderr=subprocess.STDOUT)
        self.base = None
        deadline = time.monotonic() + 60
        while self.base is None:
            found = re.search(r"http://127\.0\.0\.1:\d+/", Path(self.log.name).read_text())
            self.base = found and found.group(0)
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(Path(self.log.name).read_text())
            time.sleep(0.1)

    def ask(self, path, method="GET", data=None):
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(self.base + path, data=body, method=method, headers={"Authorization": f"token {TOKEN}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read().decode()[-1000:]}\n{Path(self.log.name).read_text()[-3000:]}")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


class Cycle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Below the project, so that notebooks find the package.
        (ROOT / "build" / "test").mkdir(parents=True, exist_ok=True)
        cls.work = Path(tempfile.mkdtemp(dir=ROOT / "build" / "test", prefix="nbgrader λ-"))
        cls.course = cls.work / "course"
        cls.exchange = cls.work / "exchange"
        cls.exchange.mkdir(mode=0o777)
        cls.exchange.chmod(0o777)
        cls.layerwise("release", "--out", cls.work / "release", "--nbgrader", cls.course)
        cls.nbgrader("release_assignment", NAME)
        for student in ("alice", "bob"):
            home = cls.work / student
            home.mkdir()
            cls.nbgrader("fetch_assignment", NAME, "--course", "layerwise", cwd=home)
            answers = reference_answers()

            def change(cell, source):
                if cell == "written":
                    return "Screening: <script>alert('x')</script> the threshold goes down." if student == "alice" else "I don't know."
                solves = student == "alice" or cell == "precision-recall"
                return re.sub(r"[ \t]*// (BEGIN|END) SOLUTION\n?", "", answers[cell]) if "not written yet" in source and solves else source

            edit(home / NAME / f"{NAME}.ipynb", change)
            cls.nbgrader("submit", NAME, "--course", "layerwise", "--student", student, cwd=home)
        cls.nbgrader("collect", NAME)
        # Whom nbgrader itself can't grade: one hands in something else, one has taken out all cells but one of their own; of three other programs have taken the metadata.
        for student, content in (("carol", "Dear teacher"), ("dave", cls.own_cell()), ("erin", cls.stripped(ids=False)), ("frank", "\ufeff" + cls.stripped(ids=None)), ("grete", cls.stripped(ids=False, without="task-7"))):
            place = cls.course / "submitted" / student / NAME
            place.mkdir(parents=True)
            (place / f"{NAME}.ipynb").write_text(content)
        cls.said = cls.layerwise("grade", cls.course / "submitted", "--only", NAME, "--out", cls.work / "grades", "--nbgrader", cls.course)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.work, ignore_errors=True)

    @staticmethod
    def own_cell():
        answer = re.sub(r"[ \t]*// (BEGIN|END) SOLUTION\n?", "", reference_answers()["odds"])
        return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "id": "mine", "metadata": {}, "source": answer, "outputs": [], "execution_count": None}]})

    @staticmethod
    def stripped(ids, without=None):
        """Alice's work without metadata, with ids null or gone, and without a cell."""
        notebook = json.loads((ROOT / "notebooks" / "exercises" / f"{NAME}.ipynb").read_text())
        cells = []
        for cell in notebook["cells"]:
            source = re.sub(r"[ \t]*// (BEGIN|END) SOLUTION\n?", "", "".join(cell["source"]))
            source = "Screening, where the threshold goes down." if cell["id"] == "written" else source
            if cell["id"] != without:
                cells.append({**{key: value for key, value in cell.items() if key not in ("id", "metadata")}, **({"id": None} if ids is None else {}), "metadata": {}, "source": source})
        return json.dumps({**notebook, "metadata": {}, "nbformat_minor": 2, "cells": cells})

    @classmethod
    def layerwise(cls, *words):
        # In a terminal whose encoding can't hold the folder's name; nbgrader itself needs another one for that.
        return run("node", ROOT / "src" / "bin" / "layerwise.mjs", *words, cwd=ROOT, env={**ENV, "LC_ALL": "C"})

    @classmethod
    def nbgrader(cls, *words, cwd=None):
        place = cwd or cls.course
        return run(BIN / "nbgrader", *words, f"--Exchange.root={cls.exchange}", f"--Exchange.cache={place / '.cache'}", cwd=place)

    def grades(self, student):
        with Gradebook(f"sqlite:///{self.course / 'gradebook.db'}", "layerwise") as gradebook:
            notebook = gradebook.find_submission_notebook(NAME, NAME, student)
            return {grade.name: (grade.auto_score, grade.manual_score, grade.max_score, grade.needs_manual_grade, grade.id) for grade in notebook.grades} | {"score": notebook.score, "id": notebook.id}

    def test_1_scores_are_in_the_gradebook(self):
        alice, bob = self.grades("alice"), self.grades("bob")
        expected = {"odds-check": 3, "stable-loss-check": 4, "one-step-check": 5, "precision-recall-check": 5, "cheapest-check": 5, "epochs-needed-check": 5}
        self.assertEqual({name: alice[name][0] for name in expected}, expected)
        self.assertEqual({name: alice[name][2] for name in expected}, expected)
        self.assertEqual({name: bob[name][0] for name in expected}, {name: 5 if name == "precision-recall-check" else 0 for name in expected})
        self.assertIn("alice: scores and notebook", self.said)
        for student, points, how in (("carol", 0, "scores alone"), ("dave", 3, "scores and notebook")):
            grades = self.grades(student)
            self.assertEqual([grades[name][0] for name in expected], [points, 0, 0, 0, 0, 0])
            self.assertIn(f"{student}: {how}", self.said)
        for student in ("erin", "frank", "grete"):
            grades = self.grades(student)
            self.assertEqual({name: grades[name][0] for name in expected}, expected)
            self.assertIn(f"{student}: scores and notebook", self.said)

    def test_2_a_written_answer_is_graded_by_hand(self):
        server = Server(self.course)
        try:
            for student, points in (("alice", 2), ("bob", 0.5)):
                grades = self.grades(student)
                score, _, most, needs, grade = grades["written"]
                self.assertEqual((score, most, needs), (None, 2, True))
                page = server.ask(f"formgrader/submissions/{grades['id']}/")
                self.assertIn("It is right for any z.", page)
                self.assertNotIn("<script>alert('x')</script>", page)
                server.ask(f"formgrader/api/grade/{grade}", "PUT", {"manual_score": points})
            self.assertEqual(self.grades("alice")["score"], 29)
            self.assertEqual(self.grades("bob")["score"], 5.5)
        finally:
            server.stop()

    def test_2_a_written_answer_without_metadata_waits_for_a_person(self):
        server = Server(self.course)
        try:
            for student, reason in (("erin", None), ("frank", None), ("grete", "neither the cell for the answer nor its task is recognized")):
                grades = self.grades(student)
                score, manual, most, needs, _ = grades["written"]
                self.assertEqual((score, manual, most, needs), (None, None, 2, True))
                page = server.ask(f"formgrader/submissions/{grades['id']}/")
                self.assertIn("Screening, where the threshold goes down.", page)
                self.assertEqual("To be looked at by a person" in page, reason is not None)
                if reason is not None:
                    self.assertIn(reason, page)
            self.assertEqual(self.grades("dave")["written"][:4:3], (0, False))
        finally:
            server.stop()

    def test_3_graded_again_the_hand_given_points_stay(self):
        self.layerwise("grade", self.course / "submitted", "--only", NAME, "--out", self.work / "grades", "--nbgrader", self.course)
        self.assertEqual(self.grades("bob")["written"][1], 0.5)

    def test_4_feedback_gets_back_to_students(self):
        self.nbgrader("generate_feedback", NAME)
        self.nbgrader("release_feedback", NAME)
        for student, score in (("alice", "29"), ("bob", "5.5")):
            home = self.work / student
            self.nbgrader("fetch_feedback", NAME, "--course", "layerwise", "--student", student, cwd=home)
            pages = list((home / NAME / "feedback").rglob("*.html"))
            self.assertEqual([page.name for page in pages], [f"{NAME}.html"], pages)
            page = pages[0].read_text()
            self.assertRegex(page, rf"Score: {re.escape(score)}(\.0)? / 29")
            self.assertIn("is right for any z", page)
            self.assertNotIn("<script>alert('x')</script>", page)

    def test_5_the_validate_button_works_on_our_kernel(self):
        # A copy as the student hands it in: what was fetched has the tests' cells locked.
        for student, is_right in (("alice", True), ("bob", False)):
            server = Server(self.work / student)
            try:
                answer = json.loads(server.ask("assignments/validate", "POST", {"path": f"{NAME}/{NAME}.ipynb"}))
                self.assertTrue(answer["success"], answer)
                found = answer["value"] if isinstance(answer["value"], dict) else json.loads(answer["value"])
                self.assertEqual(len(found.get("failed", [])), 0 if is_right else 5, found)
                if not is_right:
                    self.assertIn("NotYet", json.dumps(found))
            finally:
                server.stop()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
