// Package values reads Terraform values.
package values

import "github.com/hashicorp/terraform-plugin-go/tftypes"

// Members gives the members of an object or map; none where it is null, unknown or absent.
func Members(value tftypes.Value) map[string]tftypes.Value {
	members := map[string]tftypes.Value{}
	if !IsNull(value) && value.IsKnown() {
		mustAs(value, &members)
	}
	return members
}

// Elements gives the elements of a list or set; none where it is null, unknown or absent.
func Elements(value tftypes.Value) []tftypes.Value {
	var elements []tftypes.Value
	if !IsNull(value) && value.IsKnown() {
		mustAs(value, &elements)
	}
	return elements
}

// Text gives a string; empty where it is null, unknown or absent.
func Text(value tftypes.Value) string {
	var text string
	if !IsNull(value) && value.IsKnown() {
		mustAs(value, &text)
	}
	return text
}

// Flag gives a boolean, or the default where it is null, unknown or absent.
func Flag(value tftypes.Value, byDefault bool) bool {
	if !IsNull(value) && value.IsKnown() {
		mustAs(value, &byDefault)
	}
	return byDefault
}

// Texts gives a list of strings.
func Texts(value tftypes.Value) []string {
	var texts []string
	for _, element := range Elements(value) {
		texts = append(texts, Text(element))
	}
	return texts
}

// IsNull tells whether a value is null, or no value at all (the member of an object that has no such member).
func IsNull(value tftypes.Value) bool { return value.Type() == nil || value.IsNull() }

// mustAs is for values whose type is known from the schema, which Terraform core has checked.
func mustAs(value tftypes.Value, target any) {
	if err := value.As(target); err != nil {
		panic(err)
	}
}
