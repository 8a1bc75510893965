package convert

import (
	"fmt"
	"math/big"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"multicast-lab/embedded/provider/internal/values"
)

var (
	quantityType    = reflect.TypeOf(resource.Quantity{})
	intOrStringType = reflect.TypeOf(intstr.IntOrString{})
	timeType        = reflect.TypeOf(metav1.Time{})
	decimal         = regexp.MustCompile(`^-?[0-9]+$`)
)

// Expand gives the JSON of the API type t for a Terraform value; nil where the value is null or not known. Arguments
// named in skip are the provider's own and no field of the object.
func Expand(value tftypes.Value, t reflect.Type, skip map[string]bool) (map[string]any, error) {
	return expandObject(value, t, skip)
}

func expandObject(value tftypes.Value, t reflect.Type, skip map[string]bool) (map[string]any, error) {
	object := map[string]any{}
	for name, member := range values.Members(value) {
		if skip[name] || member.IsNull() || !member.IsKnown() {
			continue
		}
		target, found := lookup(t, name)
		if !found && isZero(member) {
			continue
		}
		if !found {
			return nil, fmt.Errorf("%s: %s has no such field", name, t.Name())
		}
		expanded, err := expand(member, target.typ, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if expanded != nil {
			object[target.json] = expanded
		}
	}
	return object, nil
}

func expand(value tftypes.Value, t reflect.Type, name string) (any, error) {
	if value.IsNull() || !value.IsKnown() {
		return nil, nil
	}
	t = deref(t)
	switch ty := value.Type(); {
	case ty.Is(tftypes.Object{}):
		return expandObject(value, t, nil)
	case ty.Is(tftypes.List{}), ty.Is(tftypes.Set{}):
		return expandList(value, t, name)
	case ty.Is(tftypes.Map{}):
		return expandMap(value, t, name)
	case ty.Is(tftypes.Bool):
		var b bool
		err := value.As(&b)
		return b, err
	case ty.Is(tftypes.Number):
		return expandNumber(value, t)
	case ty.Is(tftypes.String):
		var s string
		if err := value.As(&s); err != nil {
			return nil, err
		}
		return expandString(s, t, name)
	}
	return nil, fmt.Errorf("unexpected type %s", value.Type())
}

// expandList: Terraform writes a nested object as a block that may occur once, which is a list of one.
func expandList(value tftypes.Value, t reflect.Type, name string) (any, error) {
	elements := values.Elements(value)
	if t.Kind() == reflect.Struct {
		if len(elements) == 0 {
			return nil, nil
		}
		return expand(elements[0], t, name)
	}
	if t.Kind() != reflect.Slice {
		return nil, fmt.Errorf("a list for the API type %s", t)
	}
	list := make([]any, 0, len(elements))
	for _, element := range elements {
		expanded, err := expand(element, t.Elem(), name)
		if err != nil {
			return nil, err
		}
		if expanded == nil {
			expanded = "" // Terraform hands an empty string in a list over as null
		}
		list = append(list, expanded)
	}
	if len(list) == 0 && !isPrimitiveList(value) {
		return nil, nil // a block that does not occur
	}
	return list, nil
}

func expandMap(value tftypes.Value, t reflect.Type, name string) (any, error) {
	if t.Kind() != reflect.Map {
		return nil, fmt.Errorf("a map for the API type %s", t)
	}
	expandedMap := map[string]any{}
	for key, member := range values.Members(value) {
		expanded, err := expand(member, t.Elem(), name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		if expanded != nil {
			expandedMap[key] = expanded
		}
	}
	return expandedMap, nil
}

func expandNumber(value tftypes.Value, t reflect.Type) (any, error) {
	number := new(big.Float)
	if err := value.As(&number); err != nil {
		return nil, err
	}
	if t.Kind() == reflect.String || t == quantityType {
		return number.Text('f', -1), nil
	}
	if !number.IsInt() {
		return nil, fmt.Errorf("must be a whole number, got %s", number.Text('g', -1))
	}
	integer, _ := number.Int64()
	return integer, nil
}

func expandString(s string, t reflect.Type, name string) (any, error) {
	switch {
	case t == intOrStringType && decimal.MatchString(s):
		return strconv.ParseInt(s, 10, 32)
	case t == quantityType && s != "":
		if _, err := resource.ParseQuantity(s); err != nil {
			return nil, fmt.Errorf("must be a quantity such as 100m or 64Mi, got %q", s)
		}
		return s, nil
	case t == intOrStringType, t == timeType, t == quantityType, t.Kind() == reflect.String, isBytes(t):
		return s, nil
	case s == "":
		return nil, nil
	case t.Kind() == reflect.Bool:
		return strconv.ParseBool(s)
	case t.Kind() == reflect.Int32, t.Kind() == reflect.Int64:
		number, err := strconv.ParseInt(s, base(name), 64)
		if err != nil {
			return nil, fmt.Errorf("must be a whole number in base %d, got %q", base(name), s)
		}
		return number, nil
	}
	return nil, fmt.Errorf("a string for the API type %s", t)
}

// base: file modes are written as octal strings, all other numbers in strings are decimal.
func base(name string) int {
	if strings.HasSuffix(name, "mode") {
		return 8
	}
	return 10
}

func isBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
}
