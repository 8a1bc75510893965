// Package schema holds the schemas that the embedded providers serve. The JSON files are generated from the npm
// bindings (../generate-schema.ts) in the notation of `terraform providers schema -json`.
package schema

import (
	"embed"
	"encoding/json"
	"fmt"
	"sort"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

//go:embed kubernetes.json helm.json
var files embed.FS

// Provider is what one provider serves.
type Provider struct {
	Config    *tfprotov6.Schema
	Resources map[string]*tfprotov6.Schema
	// DataSources may be empty.
	DataSources map[string]*tfprotov6.Schema
}

type versionedBlock struct {
	Version int64     `json:"version"`
	Block   blockJSON `json:"block"`
}

type blockJSON struct {
	Attributes map[string]attributeJSON `json:"attributes"`
	BlockTypes map[string]nestedJSON    `json:"block_types"`
}

type attributeJSON struct {
	Type       json.RawMessage `json:"type"`
	NestedType *struct {
		Attributes  map[string]attributeJSON `json:"attributes"`
		NestingMode string                   `json:"nesting_mode"`
	} `json:"nested_type"`
	Required  bool `json:"required"`
	Optional  bool `json:"optional"`
	Computed  bool `json:"computed"`
	Sensitive bool `json:"sensitive"`
}

type nestedJSON struct {
	NestingMode string    `json:"nesting_mode"`
	Block       blockJSON `json:"block"`
	MinItems    int64     `json:"min_items"`
	MaxItems    int64     `json:"max_items"`
}

var blockNesting = map[string]tfprotov6.SchemaNestedBlockNestingMode{
	"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov6.SchemaNestedBlockNestingModeList,
	"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
}

var objectNesting = map[string]tfprotov6.SchemaObjectNestingMode{
	"single": tfprotov6.SchemaObjectNestingModeSingle,
	"list":   tfprotov6.SchemaObjectNestingModeList,
	"set":    tfprotov6.SchemaObjectNestingModeSet,
}

// Load reads the schemas of one provider, "kubernetes" or "helm".
func Load(provider string) (*Provider, error) {
	text, err := files.ReadFile(provider + ".json")
	if err != nil {
		return nil, err
	}
	var parsed struct {
		Provider    versionedBlock            `json:"provider"`
		Resources   map[string]versionedBlock `json:"resource_schemas"`
		DataSources map[string]versionedBlock `json:"data_source_schemas"`
	}
	if err := json.Unmarshal(text, &parsed); err != nil {
		return nil, fmt.Errorf("schema of %s: %w", provider, err)
	}
	loaded := &Provider{}
	if loaded.Config, err = parsed.Provider.schema(); err != nil {
		return nil, err
	}
	if loaded.Resources, err = schemas(parsed.Resources); err != nil {
		return nil, err
	}
	if loaded.DataSources, err = schemas(parsed.DataSources); err != nil {
		return nil, err
	}
	return loaded, nil
}

func schemas(blocks map[string]versionedBlock) (map[string]*tfprotov6.Schema, error) {
	loaded := map[string]*tfprotov6.Schema{}
	for name, block := range blocks {
		var err error
		if loaded[name], err = block.schema(); err != nil {
			return nil, fmt.Errorf("schema of %s: %w", name, err)
		}
	}
	return loaded, nil
}

func (v versionedBlock) schema() (*tfprotov6.Schema, error) {
	block, err := v.Block.schema()
	return &tfprotov6.Schema{Version: v.Version, Block: block}, err
}

func (b blockJSON) schema() (*tfprotov6.SchemaBlock, error) {
	attributes, err := attributeSchemas(b.Attributes)
	if err != nil {
		return nil, err
	}
	block := &tfprotov6.SchemaBlock{Attributes: attributes}
	for _, name := range sortedKeys(b.BlockTypes) {
		nested := b.BlockTypes[name]
		content, err := nested.Block.schema()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		block.BlockTypes = append(block.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name,
			Block:    content,
			Nesting:  blockNesting[nested.NestingMode],
			MinItems: nested.MinItems,
			MaxItems: nested.MaxItems,
		})
	}
	return block, nil
}

func attributeSchemas(attributes map[string]attributeJSON) ([]*tfprotov6.SchemaAttribute, error) {
	var schemas []*tfprotov6.SchemaAttribute
	for _, name := range sortedKeys(attributes) {
		a := attributes[name]
		schema := &tfprotov6.SchemaAttribute{
			Name: name, Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive,
		}
		if a.NestedType != nil {
			nested, err := attributeSchemas(a.NestedType.Attributes)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			schema.NestedType = &tfprotov6.SchemaObject{Attributes: nested, Nesting: objectNesting[a.NestedType.NestingMode]}
		} else {
			var err error
			//nolint:staticcheck // the only parser of Terraform's JSON type notation outside Terraform itself
			if schema.Type, err = tftypes.ParseJSONType(a.Type); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		schemas = append(schemas, schema)
	}
	return schemas, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
