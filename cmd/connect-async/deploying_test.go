package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/testrun"
)

// quickPackage is connect-async in a quick test, whose packages are empty: building one takes long.
const quickPackage = `#!/bin/sh
if [ "$1" = build ]; then
	while [ "$1" != --out ]; do shift; done
	exec touch "$2"
fi
`

// noAWS is connect-async where AWS cannot be reached: for lack of it alone verify cannot look.
const noAWS = `if [ "$1" = verify ]; then
	said=$(%[1]s "$@" 2>&1) && exit 3
	case "$? $said" in "2 "*UNKNOWN*) exit 0 ;; esac
	echo "$said"
	exit 1
fi
exec %[1]s "$@"
`

// TestDeployingDocument goes through docs/deploying.md as a user of Terraform does. Heavy tests go through it with a
// release and with every tool.
func TestDeployingDocument(t *testing.T) {
	testrun.Need(t, "sh")
	if runtime.GOOS == "windows" {
		t.Skip("for systems with a POSIX shell")
	}
	followDeploying(t, "terraform", quickPackage+strings.ReplaceAll(noAWS, "%[1]s", "connect-async-process"),
		os.Getenv("PATH"))
}

// followDeployingWith goes through the document with a release and with every tool.
func followDeployingWith(t *testing.T, released string) {
	path := released + string(os.PathListSeparator) + pathWithoutGo(t, "sh", "touch", "cksum", "tr")
	command := strings.ReplaceAll(noAWS, "%[1]s", filepath.Join(released, "connect-async"))
	for _, tool := range deploy.Tools {
		t.Run(tool.Name, func(t *testing.T) {
			t.Parallel()
			followDeploying(t, tool.Name, "#!/bin/sh\n"+command, path)
		})
	}
}

// followDeploying runs the commands of docs/deploying.md for one tool, in one shell and in their order, in an empty
// folder. The substitutes for the tools are in deploying_tools_test.go.
func followDeploying(t *testing.T, tool, connectAsync, path string) {
	dir, home := t.TempDir(), t.TempDir()
	script := ""
	for _, block := range fencedBlocks(readBytes(t, "../../docs/deploying.md"), "sh") {
		if block.name == "" || block.name == tool {
			script += block.text
		}
	}
	runDeployment(t, script, dir, deploymentEnvironment(t, connectAsync, path, home))
	checkDeployed(t, home, tool, "deployed\nremoved\n")
	checkReadme(t, filepath.Join(dir, tool, "README.md"), tool, script)
}

// deploymentEnvironment has the substitutes of the tools on its PATH, and no AWS.
func deploymentEnvironment(t *testing.T, connectAsync, path, home string) []string {
	t.Helper()
	standIn, err := exec.LookPath(deployTool)
	if err != nil {
		t.Fatal(err)
	}
	programs := map[string]string{"connect-async": connectAsync}
	for name := range deployTools {
		programs[name] = "#!/bin/sh\nexec '" + standIn + "' " + name + ` "$@"` + "\n"
	}
	return []string{
		"PATH=" + scripts(t, programs) + string(os.PathListSeparator) + path, "HOME=" + home, "TMPDIR=" + home,
		"AWS_ENDPOINT_URL=http://127.0.0.1:9", "AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=secret",
		"AWS_MAX_ATTEMPTS=1", deployAccount + "=" + home,
	}
}

// runDeployment runs commands in a folder.
func runDeployment(t *testing.T, script, dir string, environment []string) {
	t.Helper()
	cmd := testrun.Command(t, "sh", "-eu")
	cmd.Stdin, cmd.Dir, cmd.Env = strings.NewReader(script), dir, environment
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, script, out)
	}
}

// checkReadme checks that the README of an export has the commands that the document has for its folder.
func checkReadme(t *testing.T, file, tool, script string) {
	t.Helper()
	blocks := fencedBlocks(readBytes(t, file), "sh")
	if len(blocks) != 2 {
		t.Fatalf("the README of %s has %d blocks of commands, want one to deploy and one to remove", tool, len(blocks))
	}
	for _, block := range blocks {
		if !strings.Contains(script, "cd "+tool+"\n"+block.text+"cd ..\n") {
			t.Errorf("docs/deploying.md does not have these commands of the README of %s:\n%s", tool, block.text)
		}
	}
}
