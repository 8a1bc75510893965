package convert

import (
	"reflect"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"multicast-lab/embedded/provider/internal/values"
)

// Complete gives the state after an apply: what was planned, word for word, with every value that was not known
// filled in from the object as the API server returned it.
func Complete(block *tfprotov6.SchemaBlock, planned tftypes.Value, object map[string]any, t reflect.Type) (tftypes.Value, error) {
	if planned.IsNull() || planned.IsFullyKnown() {
		return planned, nil
	}
	if !planned.IsKnown() {
		return flatten(object, planned.Type(), t, "")
	}
	members := values.Members(planned)
	for _, attribute := range block.Attributes {
		if members[attribute.Name].IsFullyKnown() {
			continue
		}
		source, found := lookup(t, attribute.Name)
		var json any
		if found {
			json = object[source.json]
		}
		flat, err := flatten(json, attribute.ValueType(), source.typ, attribute.Name)
		if err != nil {
			return tftypes.Value{}, err
		}
		members[attribute.Name] = flat
	}
	for _, nested := range block.BlockTypes {
		completed, err := completeNested(nested, members[nested.TypeName], object, t)
		if err != nil {
			return tftypes.Value{}, err
		}
		members[nested.TypeName] = completed
	}
	return tftypes.NewValue(planned.Type(), members), nil
}

func completeNested(nested *tfprotov6.SchemaNestedBlock, value tftypes.Value, object map[string]any, t reflect.Type) (tftypes.Value, error) {
	source, found := lookup(t, nested.TypeName)
	if value.IsFullyKnown() || !found || nested.Nesting == tfprotov6.SchemaNestedBlockNestingModeSingle {
		return value, nil
	}
	live := newLiveList(object[source.json], source.typ)
	elements := values.Elements(value)
	for i, element := range elements {
		match, _ := live.take(element, i)
		completed, err := Complete(nested.Block, element, match, live.elementType)
		if err != nil {
			return tftypes.Value{}, err
		}
		elements[i] = completed
	}
	return tftypes.NewValue(value.Type(), elements), nil
}

// liveList are the objects that a list of blocks stands for.
type liveList struct {
	objects     []map[string]any
	taken       map[int]bool
	elementType reflect.Type
}

func newLiveList(json any, t reflect.Type) *liveList {
	t = deref(t)
	list := &liveList{taken: map[int]bool{}, elementType: t}
	switch v := json.(type) {
	case map[string]any:
		list.objects = append(list.objects, v)
	case []any:
		for _, element := range v {
			object, _ := element.(map[string]any)
			list.objects = append(list.objects, object)
		}
	}
	if t.Kind() == reflect.Slice {
		list.elementType = deref(t.Elem())
	}
	return list
}

// take finds the object of a block: the one of the same name, or, where there are no names, the one at its index.
func (l *liveList) take(element tftypes.Value, index int) (map[string]any, bool) {
	if wanted := values.Text(values.Members(element)["name"]); wanted != "" {
		for i, object := range l.objects {
			if object["name"] == wanted && !l.taken[i] {
				l.taken[i] = true
				return object, true
			}
		}
		if _, named := lookup(l.elementType, "name"); named && l.hasNames() {
			return nil, false
		}
	}
	if index >= len(l.objects) || l.taken[index] {
		return nil, false
	}
	l.taken[index] = true
	return l.objects[index], true
}

func (l *liveList) hasNames() bool {
	for _, object := range l.objects {
		if _, named := object["name"]; named {
			return true
		}
	}
	return false
}

// rest are the objects that no block has taken.
func (l *liveList) rest() []map[string]any {
	var rest []map[string]any
	for i, object := range l.objects {
		if !l.taken[i] {
			rest = append(rest, object)
		}
	}
	return rest
}
