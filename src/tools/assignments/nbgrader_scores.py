"""Puts scores of the grader into a gradebook of nbgrader, and notebooks with what the tests said into its folder of autograded ones.

usage: python nbgrader_scores.py COURSE, with a list of results as JSON on stdin:
    [{"student": …, "assignment": …, "problem": text or null, "cells": {grade id: {"points": …, "html": …, "text": …}}, "notebook": content or null}]
The notebook is the submission with the metadata that it was given out with: nbgrader knows cells by that alone, and other programs take it away.
Prints a line for each submission. No submission is run: nbgrader's own step that runs notebooks is replaced by one that fills in the scores.
"""
import json
import os
import secrets
import shutil
import sys
import tempfile
from datetime import datetime, timezone

from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, NbGraderPreprocessor, SaveAutoGrades
from nbgrader import utils

from inert_markdown import inert


class FillInScores(NbGraderPreprocessor):
    """In place of running a notebook: each cell that is graded gets the table of its tests, and its points as its result. What could run in a page is taken out."""

    scores = {}

    def preprocess_cell(self, cell, resources, cell_index):
        if cell.cell_type == "raw":
            cell.source = ""
        if cell.cell_type == "markdown":
            cell.source = inert(cell.source)
            cell.pop("attachments", None)
        if cell.cell_type != "code":
            return cell, resources
        cell.outputs = []
        if utils.is_grade(cell):
            score = self.scores.get(cell.metadata["nbgrader"]["grade_id"], {"points": 0, "html": "not graded", "text": "not graded"})
            cell.outputs = [
                new_output("display_data", data={"text/html": score["html"], "text/plain": score["text"]}),
                new_output("execute_result", data={"text/plain": str(float(score["points"]))}, execution_count=None),
            ]
        return cell, resources


class FillIn(Autograde):
    autograde_preprocessors = [FillInScores, SaveAutoGrades, AssignLatePenalties, CheckCellMetadata]


def configuration(course):
    """The course's own configuration, as nbgrader itself reads it in this folder."""
    app = NbGrader()
    app.load_config_file()
    config = app.config
    config.CourseDirectory.root = course
    return config


def without_notebook(coursedir, result):
    """Scores of a submission that nbgrader can't read: it stays out of the folder of autograded ones."""
    shutil.rmtree(coursedir.format_path(coursedir.autograded_directory, result["student"], result["assignment"]), ignore_errors=True)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        gradebook.update_or_create_student(result["student"])
        submission = gradebook.update_or_create_submission(result["assignment"], result["student"])
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                # A person can still mark what could be read.
                is_for_person = grade.name not in result["cells"] and result["problem"] is None
                grade.auto_score = None if is_for_person else result["cells"].get(grade.name, {"points": 0})["points"]
                grade.needs_manual_grade = is_for_person
        gradebook.db.commit()


def hand_in(coursedir, result, place):
    """Lays the notebook in a folder as nbgrader collects them, with the other files that were handed in with it, and makes nbgrader look there."""
    collected = coursedir.format_path(coursedir.submitted_directory, result["student"], result["assignment"])
    coursedir.submitted_directory = place
    folder = coursedir.format_path(place, result["student"], result["assignment"])
    os.makedirs(folder)
    for name in os.listdir(collected) if os.path.isdir(collected) else []:
        file = os.path.join(collected, name)
        if os.path.isfile(file) and not os.path.islink(file) and not name.endswith(".ipynb"):
            shutil.copy(file, folder)
    with open(os.path.join(folder, result["assignment"] + ".ipynb"), "w", encoding="utf-8") as notebook:
        json.dump(result["notebook"], notebook)


def for_exchange(folder):
    """What nbgrader's exchange wants beside every notebook when it releases feedback, also of those who handed in another way."""
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    for name, text in (("timestamp.txt", now), ("submission_secret.txt", secrets.token_hex(32))):
        file = os.path.join(folder, name)
        if not os.path.exists(file):
            with open(file, "w") as out:
                out.write(text)


def fill_in(config, result):
    with tempfile.TemporaryDirectory() as place:
        return fill_in_from(config, result, place)


def fill_in_from(config, result, place):
    FillInScores.scores = result["cells"]
    coursedir = CourseDirectory(config=config, assignment_id=result["assignment"], student_id=result["student"])
    if result["problem"] is None and result["notebook"] is not None:
        hand_in(coursedir, result, place)
        converter = FillIn(coursedir=coursedir, config=config, force=True)
        converter.log.setLevel("CRITICAL")
        try:
            converter.start()
            for_exchange(coursedir.format_path(coursedir.autograded_directory, result["student"], result["assignment"]))
            return "scores and notebook"
        except (Exception, SystemExit) as error:
            reason = str(error) or type(error).__name__
    else:
        reason = result["problem"] or "its notebook can't be read any more"
    without_notebook(coursedir, result)
    return f"scores alone: {reason.splitlines()[0]}"


def main(course):
    os.chdir(course)
    config = configuration(course)
    for result in json.load(sys.stdin):
        print(f"{result['assignment']}  {result['student']}: {fill_in(config, result)}", flush=True)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
