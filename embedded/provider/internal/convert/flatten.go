package convert

import (
	"fmt"
	"reflect"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// flatten gives the Terraform value of type ty for the JSON of an API field of type t; null where the JSON has nothing.
func flatten(json any, ty tftypes.Type, t reflect.Type, name string) (tftypes.Value, error) {
	if json == nil {
		return tftypes.NewValue(ty, nil), nil
	}
	t = deref(t)
	switch {
	case ty.Is(tftypes.Object{}):
		return flattenObject(json, ty.(tftypes.Object), t)
	case ty.Is(tftypes.List{}), ty.Is(tftypes.Set{}):
		return flattenList(json, ty, t, name)
	case ty.Is(tftypes.Map{}):
		return flattenMap(json, ty.(tftypes.Map), t, name)
	case ty.Is(tftypes.String):
		return tftypes.NewValue(ty, stringOf(json, t, name)), nil
	case ty.Is(tftypes.Bool):
		b, ok := json.(bool)
		if !ok {
			return tftypes.Value{}, fmt.Errorf("%s: want a boolean, the API has %T", name, json)
		}
		return tftypes.NewValue(ty, b), nil
	case ty.Is(tftypes.Number):
		return flattenNumber(json, ty, name)
	}
	return tftypes.Value{}, fmt.Errorf("%s: unexpected type %s", name, ty)
}

func flattenObject(json any, ty tftypes.Object, t reflect.Type) (tftypes.Value, error) {
	object, _ := json.(map[string]any)
	members := map[string]tftypes.Value{}
	for name, memberType := range ty.AttributeTypes {
		source, found := lookup(t, name)
		if !found {
			members[name] = tftypes.NewValue(memberType, nil)
			continue
		}
		member, err := flatten(object[source.json], memberType, source.typ, name)
		if err != nil {
			return tftypes.Value{}, err
		}
		members[name] = member
	}
	return tftypes.NewValue(ty, members), nil
}

func flattenList(json any, ty tftypes.Type, t reflect.Type, name string) (tftypes.Value, error) {
	elementJSON, ok := json.([]any)
	elementGo := t
	if !ok { // an object of the API is a list of one in Terraform
		elementJSON = []any{json}
	} else if t.Kind() == reflect.Slice {
		elementGo = t.Elem()
	}
	elements := make([]tftypes.Value, 0, len(elementJSON))
	for _, element := range elementJSON {
		flat, err := flatten(element, elementType(ty), elementGo, name)
		if err != nil {
			return tftypes.Value{}, err
		}
		elements = append(elements, flat)
	}
	return tftypes.NewValue(ty, elements), nil
}

func flattenMap(json any, ty tftypes.Map, t reflect.Type, name string) (tftypes.Value, error) {
	object, ok := json.(map[string]any)
	if !ok || t.Kind() != reflect.Map {
		return tftypes.Value{}, fmt.Errorf("%s: want a map, the API has %T", name, json)
	}
	members := map[string]tftypes.Value{}
	for key, member := range object {
		flat, err := flatten(member, ty.ElementType, t.Elem(), name)
		if err != nil {
			return tftypes.Value{}, err
		}
		members[key] = flat
	}
	return tftypes.NewValue(ty, members), nil
}

func flattenNumber(json any, ty tftypes.Type, name string) (tftypes.Value, error) {
	switch number := json.(type) {
	case int64:
		return tftypes.NewValue(ty, number), nil
	case float64:
		return tftypes.NewValue(ty, number), nil
	case string:
		parsed, err := strconv.ParseInt(number, 10, 64)
		return tftypes.NewValue(ty, parsed), err
	}
	return tftypes.Value{}, fmt.Errorf("%s: want a number, the API has %T", name, json)
}

func stringOf(json any, t reflect.Type, name string) string {
	switch v := json.(type) {
	case string:
		return v
	case int64:
		if base(name) == 8 && t != intOrStringType {
			return fmt.Sprintf("%04o", v)
		}
		return strconv.FormatInt(v, 10)
	}
	return fmt.Sprint(json)
}
