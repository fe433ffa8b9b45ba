//go:build ignore

// Makes communes.csv.gz from the full lists: go run communes.go DIR
package main

import (
	"compress/gzip"
	"encoding/csv"
	"log"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: go run communes.go DIR")
	}
	out, err := os.Create("communes.csv.gz")
	check(err)
	z, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	check(err)
	w := csv.NewWriter(z)
	for _, r := range rows("provinces.csv") {
		check(w.Write([]string{"p", r["code"], r["name"], r["before_2025_07_01"]}))
	}
	for _, r := range rows("communes.csv") {
		check(w.Write([]string{"n", r["code"], r["full_name"], r["province_code"]}))
	}
	for _, r := range rows("communes-before-2025-07-01.csv") {
		if r["new_code_candidates"] != "" {
			check(w.Write([]string{"o", r["old_full_name"], r["district"], r["old_province"], r["new_code_candidates"]}))
		}
	}
	w.Flush()
	check(w.Error())
	check(z.Close())
	check(out.Close())
}

// rows reads a file as one map a line.
func rows(name string) []map[string]string {
	f, err := os.Open(filepath.Join(os.Args[1], name))
	check(err)
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	check(err)
	var out []map[string]string
	for _, l := range lines[1:] {
		m := map[string]string{}
		for i, head := range lines[0] {
			m[head] = l[i]
		}
		out = append(out, m)
	}
	return out
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
