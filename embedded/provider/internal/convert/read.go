package convert

import (
	"reflect"
	"regexp"
	"sort"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"multicast-lab/embedded/provider/internal/values"
)

// Reader brings a state up to date with an object. It overwrites only what the state holds, because the API server
// fills in a default for nearly everything that was left out, and that would look like drift.
type Reader struct {
	// IgnoredAnnotations and IgnoredLabels are the provider's `ignore_annotations` and `ignore_labels`.
	IgnoredAnnotations []*regexp.Regexp
	IgnoredLabels      []*regexp.Regexp
	// OnlyHeld leaves out list elements that the state does not hold: admission adds volumes and tolerations to pods.
	OnlyHeld bool
}

var objectMetaType = reflect.TypeOf(metav1.ObjectMeta{})

// wholeMaps are the maps that are the object's content: what others add to them is drift.
var wholeMaps = map[string]bool{"data": true, "binary_data": true}

// Read gives the new state of a block.
func (r *Reader) Read(block *tfprotov6.SchemaBlock, state tftypes.Value, object map[string]any, t reflect.Type) (tftypes.Value, error) {
	members := values.Members(state)
	for _, attribute := range block.Attributes {
		source, found := lookup(t, attribute.Name)
		if !found {
			continue
		}
		read, err := r.readAttribute(attribute, members[attribute.Name], object[source.json], source.typ, t)
		if err != nil {
			return tftypes.Value{}, err
		}
		members[attribute.Name] = read
	}
	for _, nested := range block.BlockTypes {
		source, found := lookup(t, nested.TypeName)
		if !found || nested.Nesting == tfprotov6.SchemaNestedBlockNestingModeSingle {
			continue
		}
		read, err := r.readNested(nested, members[nested.TypeName], object[source.json], source.typ)
		if err != nil {
			return tftypes.Value{}, err
		}
		members[nested.TypeName] = read
	}
	return tftypes.NewValue(state.Type(), members), nil
}

func (r *Reader) readAttribute(a *tfprotov6.SchemaAttribute, state tftypes.Value, json any, t, owner reflect.Type) (tftypes.Value, error) {
	if owner == objectMetaType && (a.Name == "annotations" || a.Name == "labels") {
		json = r.visibleMetadata(a.Name, state, json)
	} else if state.IsNull() && !a.Computed && !wholeMaps[a.Name] {
		return state, nil
	}
	if json == nil && isZero(state) {
		return state, nil
	}
	held, err := expand(state, t, a.Name)
	if err != nil {
		return tftypes.Value{}, err
	}
	if same(held, json, deref(t), state.Type().Is(tftypes.Set{})) {
		return state, nil
	}
	return flatten(json, a.ValueType(), t, a.Name)
}

// visibleMetadata leaves out the keys that belong to Kubernetes itself and those that the provider is told to ignore,
// as hashicorp/kubernetes does, unless the state holds them. Keys that anybody else has added are shown as drift.
func (r *Reader) visibleMetadata(name string, state tftypes.Value, json any) any {
	ignored := r.IgnoredAnnotations
	if name == "labels" {
		ignored = r.IgnoredLabels
	}
	held := values.Members(state)
	visible := map[string]any{}
	all, _ := json.(map[string]any)
	for key, value := range all {
		if _, isHeld := held[key]; isHeld || !isInternalKey(key) && !matchesAny(ignored, key) {
			visible[key] = value
		}
	}
	if len(visible) == 0 {
		return nil
	}
	return visible
}

// isInternalKey: keys below kubernetes.io are the system's, save the two prefixes meant for users; the others are put
// on the pods of a Job and on a DaemonSet by their controllers.
func isInternalKey(key string) bool {
	prefix, _, prefixed := strings.Cut(key, "/")
	switch {
	case prefixed && (prefix == "app.kubernetes.io" || prefix == "service.beta.kubernetes.io"):
		return false
	case prefixed && strings.HasSuffix(prefix, "kubernetes.io"):
		return true
	}
	return key == "controller-uid" || key == "job-name" || key == "deprecated.daemonset.template.generation"
}

func matchesAny(expressions []*regexp.Regexp, key string) bool {
	for _, expression := range expressions {
		if expression.MatchString(key) {
			return true
		}
	}
	return false
}

func (r *Reader) readNested(nested *tfprotov6.SchemaNestedBlock, state tftypes.Value, json any, t reflect.Type) (tftypes.Value, error) {
	held := values.Elements(state)
	if len(held) == 0 {
		return state, nil
	}
	live := newLiveList(json, t)
	var elements []tftypes.Value
	for i, element := range held {
		object, found := live.take(element, i)
		if !found && !isZero(element) {
			continue
		}
		read, err := r.Read(nested.Block, element, object, live.elementType)
		if err != nil {
			return tftypes.Value{}, err
		}
		elements = append(elements, read)
	}
	if !r.OnlyHeld {
		for _, object := range live.rest() {
			added, err := flattenBlock(nested.Block, object, live.elementType)
			if err != nil {
				return tftypes.Value{}, err
			}
			elements = append(elements, added)
		}
	}
	return tftypes.NewValue(state.Type(), elements), nil
}

// flattenBlock: a nested block is never null, as an attribute may be, but an empty list.
func flattenBlock(block *tfprotov6.SchemaBlock, object map[string]any, t reflect.Type) (tftypes.Value, error) {
	members := map[string]tftypes.Value{}
	for _, attribute := range block.Attributes {
		source, _ := lookup(t, attribute.Name)
		member, err := flatten(object[source.json], attribute.ValueType(), source.typ, attribute.Name)
		if err != nil {
			return tftypes.Value{}, err
		}
		members[attribute.Name] = member
	}
	for _, nested := range block.BlockTypes {
		elements := []tftypes.Value{}
		if source, found := lookup(t, nested.TypeName); found {
			live := newLiveList(object[source.json], source.typ)
			for _, inner := range live.objects {
				element, err := flattenBlock(nested.Block, inner, live.elementType)
				if err != nil {
					return tftypes.Value{}, err
				}
				elements = append(elements, element)
			}
		}
		members[nested.TypeName] = tftypes.NewValue(nested.ValueType(), elements)
	}
	return tftypes.NewValue(block.ValueType(), members), nil
}

// same tells whether two pieces of JSON mean the same to the API: quantities are equal by value, sets in any order.
func same(held, live any, t reflect.Type, unordered bool) bool {
	if t == quantityType {
		return sameQuantity(held, live)
	}
	if t.Kind() == reflect.Map && deref(t.Elem()) == quantityType {
		a, _ := held.(map[string]any)
		b, _ := live.(map[string]any)
		if len(a) != len(b) {
			return false
		}
		for key, value := range a {
			if !sameQuantity(value, b[key]) {
				return false
			}
		}
		return true
	}
	if unordered {
		held, live = sorted(held), sorted(live)
	}
	return reflect.DeepEqual(held, live)
}

func sameQuantity(a, b any) bool {
	x, isText := a.(string)
	y, isAlsoText := b.(string)
	if !isText || !isAlsoText {
		return a == b
	}
	p, err := resource.ParseQuantity(x)
	q, otherErr := resource.ParseQuantity(y)
	return err == nil && otherErr == nil && p.Cmp(q) == 0
}

func sorted(list any) any {
	elements, ok := list.([]any)
	if !ok {
		return list
	}
	copied := append([]any(nil), elements...)
	sort.Slice(copied, func(i, j int) bool {
		a, _ := copied[i].(string)
		b, _ := copied[j].(string)
		return a < b
	})
	return copied
}
