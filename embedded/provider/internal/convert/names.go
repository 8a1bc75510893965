// Package convert translates between Terraform values and the JSON of Kubernetes objects. Names and kinds of fields are
// taken from the Go types of the Kubernetes API, so that there is no table of them to keep.
package convert

import (
	"reflect"
	"strings"
	"sync"
)

// field is one field of an API type, as it appears in JSON.
type field struct {
	json string
	typ  reflect.Type
}

// specialNames are the arguments whose API field has another word, beyond case and plural.
var specialNames = map[string]string{
	"ceph_monitors":  "monitors",
	"data_disk_uri":  "disk_uri",
	"endpoints_name": "endpoints",
	"rados_user":     "user",
	"rbd_image":      "image",
	"rbd_pool":       "pool",
	"strategy":       "update_strategy", // of a DaemonSet; a Deployment's has its own name
}

var fieldCache sync.Map // reflect.Type -> map[string]field, by JSON name in lower case

// lookup finds the field of the API type that a Terraform argument stands for: `host_ipc` is `hostIPC`, `env_from`
// is `envFrom`, `container` is `containers`.
func lookup(t reflect.Type, name string) (field, bool) {
	fields := fieldsOf(t)
	if found, ok := lookupRegular(fields, name); ok {
		return found, true
	}
	return lookupRegular(fields, specialNames[name])
}

func lookupRegular(fields map[string]field, name string) (field, bool) {
	bare := strings.ToLower(strings.ReplaceAll(name, "_", ""))
	for _, candidate := range []string{bare, bare + "s", bare + "es", strings.TrimSuffix(bare, "y") + "ies"} {
		if found, ok := fields[candidate]; ok {
			return found, true
		}
	}
	return field{}, false
}

func fieldsOf(t reflect.Type) map[string]field {
	if cached, found := fieldCache.Load(t); found {
		return cached.(map[string]field)
	}
	fields := map[string]field{}
	for i := range t.NumField() {
		member := t.Field(i)
		name, options, _ := strings.Cut(member.Tag.Get("json"), ",")
		switch {
		case name == "" && (member.Anonymous || strings.Contains(options, "inline")):
			for key, inlined := range fieldsOf(deref(member.Type)) {
				fields[key] = inlined
			}
		case name != "" && name != "-":
			fields[strings.ToLower(name)] = field{json: name, typ: member.Type}
		}
	}
	fieldCache.Store(t, fields)
	return fields
}

func deref(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}
