// Compiles TypeScript files in place without checking types. Arguments: the compiler's module, and the files.
const fs = require("fs");
const [compiler, ...files] = process.argv.slice(2);
const ts = require(compiler);
for (const file of files) {
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  fs.writeFileSync(file.replace(/\.ts$/, ".js"), ts.transpileModule(fs.readFileSync(file, "utf8"), { compilerOptions: options }).outputText);
}
