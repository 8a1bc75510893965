package objects

import "reflect"

// mergePatch gives the JSON merge patch (RFC 7386) from one object to another. Null removes a field; lists go as a whole.
func mergePatch(before, after map[string]any) map[string]any {
	patch := map[string]any{}
	for key := range before {
		if _, kept := after[key]; !kept {
			patch[key] = nil
		}
	}
	for key, value := range after {
		old, isObject := before[key].(map[string]any)
		updated, isStillObject := value.(map[string]any)
		switch {
		case isObject && isStillObject:
			if nested := mergePatch(old, updated); len(nested) > 0 {
				patch[key] = nested
			}
		case !reflect.DeepEqual(before[key], value):
			patch[key] = value
		}
	}
	return patch
}
