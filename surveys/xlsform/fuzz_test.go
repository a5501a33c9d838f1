package xlsform_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"soundings/surveys/xlsform"
)

// seeds are small forms that between them have every sheet and most columns.
var seeds = []string{
	header + "|text|a|A|\n|begin group|g|G|${a} != ''||||||field-list|\n|select_one yn or_other|b|B ${a}|\n|end group|\n|calculate|c||||${a} + 1|" + yesNo,
	"# survey\n|type|name|label::English (en)|label::Arabic (ar)|hint|media::image|\n|range|r|R|ر|how|a.png|\n|rank yn|o|O|ا|\n# choices\n|list_name|name|label::English (en)|\n|yn|1|One|\n|yn|2|Two|\n# settings\n|form_title|default_language|style|\n|T|English (en)|pages|",
	"# survey\n|type|name|label|soundings|\n|begin_group|b|Battery|{\"kind\":\"rating\"}|\n|select_one yn|r1|Row|\n|end_group|\n|text|t|T|{\"id\":\"u\",\"waves\":[\"pre\"],\"page\":{\"id\":\"p\"}}|" + yesNo +
		"\n# scales\n|id|label|items|method|min|max|min_answered|\n|s|S|r1|mean|0|4|1|\n# measures\n|id|of|type|\n|m|s|score|\n# texts\n|name|text|\n|intro|Hello|",
}

// FuzzRead reads files of any bytes: it refuses with a *Refusal, or gives a
// definition that passes Check and that an export and import leave alone.
func FuzzRead(f *testing.F) {
	for _, seed := range seeds {
		f.Add(made(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkRead(t, data)
	})
}

// FuzzReadTables does the same with what stands in the cells: bytes of a zip
// archive are seldom hit by chance.
func FuzzReadTables(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, tables string) {
		checkRead(t, made(tables))
	})
}

func checkRead(t *testing.T, data []byte) {
	got, err := xlsform.Read(data)
	if err != nil {
		var refusal *xlsform.Refusal
		if !errors.As(err, &refusal) || len(refusal.Notices) == 0 {
			t.Fatalf("Read = %v, want a *Refusal with a cause", err)
		}
		return
	}
	if err := got.Definition.Check(); err != nil {
		t.Fatalf("Read gives a definition that is wrong: %v", err)
	}
	back := roundTrip(t, got.Definition, xlsform.Options{})
	if diff := cmp.Diff(got.Definition, back.Definition, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("after a round trip (-before +after):\n%s", diff)
	}
}
