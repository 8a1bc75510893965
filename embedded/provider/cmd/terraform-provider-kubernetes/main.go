// Command terraform-provider-kubernetes stands in for hashicorp/kubernetes where no Terraform registry can be reached.
package main

import (
	"log"

	"multicast-lab/embedded/provider/internal/objects"
	"multicast-lab/embedded/provider/internal/server"
	"multicast-lab/embedded/provider/schema"
)

func main() {
	schemas, err := schema.Load("kubernetes")
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Serve("registry.terraform.io/hashicorp/kubernetes", schemas, objects.NewProvider(schemas)); err != nil {
		log.Fatal(err)
	}
}
