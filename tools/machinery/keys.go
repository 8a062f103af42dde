package main

import (
	"encoding/json"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	_ "unsafe" // for go:linkname

	"github.com/siderolabs/talos/pkg/machinery/config/config"
)

// kinds is the library's registry of documents, which it keeps internal.
//
//go:linkname kinds github.com/siderolabs/talos/pkg/machinery/config/internal/registry.registry
var kinds *struct {
	m          sync.Mutex
	registered map[string]func(version string) config.Document
}

// Keys is what a configuration of this Talos minor may hold.
type Keys struct {
	// Kinds leads from a document's kind to its structure; "v1alpha1" is the document without one.
	Kinds map[string]string `json:"kinds"`

	// Structures have the form of each key's value: s, b, i, f (a string or another scalar, a
	// boolean, a whole number, a number), x (anything), [form] (a list), {form} (a map with keys of
	// its own), or a structure's name.
	Structures map[string]map[string]string `json:"structures"`
}

// printKeys prints the keys of every document that the library knows, by reflection.
func printKeys(out io.Writer) error {
	keys := Keys{Kinds: map[string]string{}, Structures: map[string]map[string]string{}}

	for _, kind := range slices.Sorted(maps.Keys(kinds.registered)) {
		document := kinds.registered[kind]("v1alpha1")
		if document == nil {
			document = kinds.registered[kind]("")
		}
		keys.Kinds[kind] = keys.form(reflect.TypeOf(document))
	}

	return json.NewEncoder(out).Encode(keys)
}

func (keys Keys) form(typ reflect.Type) string {
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}

	pointer := reflect.PointerTo(typ)
	if _, ok := pointer.MethodByName("UnmarshalText"); ok {
		return "s"
	}
	// A list that unmarshals itself skips what is null; every other reads forms of its own.
	if _, ok := pointer.MethodByName("UnmarshalYAML"); ok && typ.Kind() != reflect.Slice {
		return "x"
	}

	switch typ.Kind() {
	case reflect.String:
		return "s"
	case reflect.Bool:
		return "b"
	case reflect.Float32, reflect.Float64:
		return "f"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if typ.String() == "time.Duration" {
			return "s"
		}
		return "i"
	case reflect.Slice, reflect.Array:
		if typ.Elem().Kind() == reflect.Uint8 {
			return "s"
		}
		return "[" + keys.form(typ.Elem()) + "]"
	case reflect.Map:
		return "{" + keys.form(typ.Elem()) + "}"
	case reflect.Struct:
		// Its own keys are the map's.
		for i := range typ.NumField() {
			if field := typ.Field(i); isInline(field) && field.Type.Kind() == reflect.Map {
				return keys.form(field.Type)
			}
		}
		return keys.structure(typ)
	default:
		return "x"
	}
}

// structure adds a type's keys, and returns its name: without the package of the main document.
func (keys Keys) structure(typ reflect.Type) string {
	name := strings.TrimPrefix(typ.String(), "v1alpha1.")
	if _, known := keys.Structures[name]; !known {
		known := map[string]string{}
		keys.Structures[name] = known
		keys.add(typ, known)
	}
	return name
}

func (keys Keys) add(typ reflect.Type, known map[string]string) {
	for i := range typ.NumField() {
		field := typ.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")

		switch {
		case isInline(field):
			inlined := field.Type
			if inlined.Kind() == reflect.Pointer {
				inlined = inlined.Elem()
			}
			keys.add(inlined, known)
		case name == "-" || !field.IsExported():
		case name == "":
			known[strings.ToLower(field.Name)] = keys.form(field.Type)
		default:
			known[name] = keys.form(field.Type)
		}
	}
}

func isInline(field reflect.StructField) bool {
	_, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
	return strings.Contains(options, "inline")
}
