# What a release is made of. Everything else is one command: see CONTRIBUTING.md.
.PHONY: release
release:
	go run release.go
