# What the scripts beside this one share. Source it in the root of the repository.

# recorded_data names the folders of recorded data to the tests, where the data lies beside this checkout. Folders that are
# named already stay.
recorded_data() {
	local recorded kind
	if [ -n "${RECORDED_EXECUTIONS:-}" ]; then
		env | grep '^RECORDED_'
		return
	fi
	recorded="$(pwd)/../shared/recorded"
	if [ ! -d "$recorded" ]; then
		echo "WARNING: there is no recorded data beside this checkout: the tests that need it are skipped"
		return
	fi
	for kind in executions flows original cases jsonata; do
		export "RECORDED_$(echo $kind | tr a-z A-Z)=$recorded/$kind"
	done
	echo "recorded data: $recorded"
}

# reported FLAGS: runs go test, and shows of its long output what failed, what was skipped, and what tests report with t.Log.
# go test itself hides the output of tests that pass.
reported() {
	go test -v "$@" | grep -E '^(ok|FAIL|panic|fatal|WARNING)|^ *--- (FAIL|SKIP)|^ +[A-Za-z0-9_]+\.go:[0-9]+: |^#|^-test.shuffle'
}
