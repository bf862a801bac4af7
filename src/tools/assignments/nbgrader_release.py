"""Makes nbgrader's release version of assignments, one after the other, in the course that this runs in. A process of its own for each would load nbgrader for seconds each time.

    python nbgrader_release.py ASSIGNMENT...
"""
import sys

from nbgrader.apps import GenerateAssignmentApp

for name in sys.argv[1:]:
    app = GenerateAssignmentApp()
    app.initialize([name, "--force", "--create"])
    app.start()
    print(name, flush=True)
