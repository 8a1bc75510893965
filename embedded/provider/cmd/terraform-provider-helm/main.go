// Command terraform-provider-helm stands in for hashicorp/helm where no Terraform registry can be reached.
package main

import (
	"log"

	"multicast-lab/embedded/provider/internal/release"
	"multicast-lab/embedded/provider/internal/server"
	"multicast-lab/embedded/provider/schema"
)

func main() {
	schemas, err := schema.Load("helm")
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Serve("registry.terraform.io/hashicorp/helm", schemas, release.NewProvider(schemas)); err != nil {
		log.Fatal(err)
	}
}
