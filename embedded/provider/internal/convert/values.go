package convert

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"multicast-lab/embedded/provider/internal/values"
)

func elementType(t tftypes.Type) tftypes.Type {
	switch t := t.(type) {
	case tftypes.List:
		return t.ElementType
	case tftypes.Set:
		return t.ElementType
	case tftypes.Map:
		return t.ElementType
	}
	return nil
}

func isPrimitiveList(value tftypes.Value) bool {
	element := elementType(value.Type())
	return element != nil && !element.Is(tftypes.Object{})
}

// isZero tells whether a value says the same as no value in JSON: the API drops false, 0, "" and empty collections.
func isZero(value tftypes.Value) bool {
	if value.IsNull() {
		return true
	}
	if !value.IsKnown() {
		return false
	}
	switch t := value.Type(); {
	case t.Is(tftypes.Object{}):
		for _, member := range values.Members(value) {
			if !isZero(member) {
				return false
			}
		}
		return true
	case t.Is(tftypes.Map{}):
		return len(values.Members(value)) == 0
	case t.Is(tftypes.List{}), t.Is(tftypes.Set{}):
		return len(values.Elements(value)) == 0
	}
	return value.Equal(tftypes.NewValue(tftypes.String, "")) ||
		value.Equal(tftypes.NewValue(tftypes.Bool, false)) ||
		value.Equal(tftypes.NewValue(tftypes.Number, 0))
}
