package server

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"multicast-lab/embedded/provider/internal/values"
)

// MarkComputed makes unknown what the provider will fill in: every computed attribute without a value, in each block that
// is new. In a block that was there before, no value means that the provider had none.
func MarkComputed(block *tfprotov6.SchemaBlock, prior, config, proposed tftypes.Value) tftypes.Value {
	if proposed.IsNull() || !proposed.IsKnown() {
		return proposed
	}
	before, configured, members := values.Members(prior), values.Members(config), values.Members(proposed)
	for _, attribute := range block.Attributes {
		unset := members[attribute.Name].IsNull() && values.IsNull(configured[attribute.Name])
		if attribute.Computed && unset && values.IsNull(prior) {
			members[attribute.Name] = tftypes.NewValue(attribute.ValueType(), tftypes.UnknownValue)
		}
	}
	for _, nested := range block.BlockTypes {
		if nested.Nesting != tfprotov6.SchemaNestedBlockNestingModeList {
			continue // sets match by content; none of ours has a computed attribute
		}
		value := members[nested.TypeName]
		if value.IsNull() || !value.IsKnown() {
			continue
		}
		beforeElements, configuredElements := values.Elements(before[nested.TypeName]), values.Elements(configured[nested.TypeName])
		elements := values.Elements(value)
		for i := range elements {
			elements[i] = MarkComputed(nested.Block, elementAt(beforeElements, i), elementAt(configuredElements, i), elements[i])
		}
		members[nested.TypeName] = tftypes.NewValue(value.Type(), elements)
	}
	return tftypes.NewValue(proposed.Type(), members)
}

// elementAt gives no value beyond the end.
func elementAt(elements []tftypes.Value, i int) tftypes.Value {
	if i < len(elements) {
		return elements[i]
	}
	return tftypes.Value{}
}

// ChangedPaths are the innermost paths at which two values differ.
func ChangedPaths(a, b tftypes.Value) ([]*tftypes.AttributePath, error) {
	differences, err := a.Diff(b)
	if err != nil {
		return nil, err
	}
	var paths []*tftypes.AttributePath
	for _, difference := range differences {
		if len(difference.Path.Steps()) > 0 {
			paths = append(paths, difference.Path)
		}
	}
	return paths, nil
}

// Names are the attribute names of a path, without list indices and map keys.
func Names(path *tftypes.AttributePath) []string {
	var names []string
	for _, step := range path.Steps() {
		if name, ok := step.(tftypes.AttributeName); ok {
			names = append(names, string(name))
		}
	}
	return names
}
