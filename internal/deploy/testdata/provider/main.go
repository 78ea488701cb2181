// Command provider is a provider for Terraform that the tests of the exports use as hashicorp/aws. It has the schema of
// the real one, which the tests write into a file, and it creates what an independent emulator of AWS's APIs knows
// there. What the emulator does not know it keeps in a file of its own. It is stricter than AWS in one way: deleting
// what is not there fails, so that a wrong order shows.
//
// The environment says where things are: AWS_ENDPOINT_URL is the emulator, PROVIDER_SCHEMA the file with the schema, in
// the form of `terraform providers schema -json`, and PROVIDER_STORE the file for what is kept and for the journal of
// what was done. It is a module of its own, so that nothing else needs its dependencies, and imports nothing of the
// main module. A process serves one command of Terraform.
package main

import (
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	schemas, err := readSchemas(os.Getenv("PROVIDER_SCHEMA"))
	if err != nil {
		return err
	}
	kept, err := openStore(os.Getenv("PROVIDER_STORE"))
	if err != nil {
		return err
	}
	p := &provider{schemas: schemas, store: kept}
	return tf5server.Serve("registry.terraform.io/hashicorp/aws", func() tfprotov5.ProviderServer { return p })
}
