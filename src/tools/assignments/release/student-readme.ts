/** The README of the copy that students get. */
export const STUDENT_README = `# Layerwise

A deep-learning course in TypeScript that runs: chapters and exercises as Jupyter notebooks.

\`\`\`
npm run lab     # sets everything up (the first time: some minutes and about 500 MB), then opens JupyterLab on work/
\`\`\`

You need Node.js 20.19 or newer, Python 3.11 to 3.13 with its venv module, and a C++ compiler; on Debian or Ubuntu: \`apt-get install -y python3 python3-venv g++\`.
If something is missing, set-up says what and how to get it. \`npm start\` runs all chapters and makes handouts: build/handouts/index.html.

## Exercises

\`work/\` is your copy of the chapters and exercises: no command overwrites or deletes what you have there. When a chapter changes, the new one is put beside yours.

Open a notebook in \`work/exercises\`. Write your code in place of \`throw new Error('not written yet');\`, keep the function's name and its types, and run the cell below it:
\`await check('name')\` shows which calls came out right; \`await check('name', { hints: 1 })\` shows a hint. You may add cells of your own. The cells that check are locked; when your work is graded they are not run, and your functions are called with other numbers too.
Answers in words are read by a person.

Hand in the notebook with its name unchanged. Each cell gets about ten seconds and each exercise a limit of its own, without a network and with 2 GiB of memory.
`;
