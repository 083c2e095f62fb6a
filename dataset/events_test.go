package dataset_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"medml/dataset"
)

const eventTable = `stay,when,name,number
b,01:30,HR,90
a,0.5,HR,70
a,00:15,HR,60
a,2.5,HR,100
a,0,Age,44
a,48:00,Temp,38.5
b,0,Age,-1
a,3,Urine,200
a,3.5,Urine,300
a,49,HR,1000
`

const eventOutcomes = "stay,died,sex\nb,no,m\na,yes,f\nc,no,f\n"

// eventConfig is a configuration of the table above.
func eventConfig(more func(*dataset.Config)) dataset.Config {
	c := dataset.Config{
		Source: "events.csv", Format: "events", Target: "died",
		Events: dataset.EventsConfig{
			ID: "stay", Time: "when", Variable: "name", Value: "number", Outcomes: "outcomes.csv",
			Hours: 48, Static: []string{"Age"}, Missing: []float64{-1},
		},
	}
	if more != nil {
		more(&c)
	}
	return c
}

func TestEventsBecomeAGrid(t *testing.T) {
	d := openFiles(t, files{"events.csv": eventTable, "outcomes.csv": eventOutcomes}, eventConfig(func(c *dataset.Config) {
		c.Features = []string{"HR", "Urine", "Temp"}
		c.Events.Sum = []string{"Urine"}
		c.Subgroups = []dataset.Subgroup{{Column: "sex"}, {Column: "Age"}}
	}))
	if d.Len() != 3 || !slices.Equal(d.Shape, []int{48, 10}) || !slices.Equal(d.Classes, []string{"no", "yes"}) {
		t.Fatalf("%d examples of %v, classes %v", d.Len(), d.Shape, d.Classes)
	}
	// Channels: HR, Urine and Temp; their masks; hours since; Age. Bins end at 1, 2, 3, 4.
	a := d.Media(1)
	for bin, want := range map[int]string{
		0:  "[65 NaN NaN 1 0 0 0.5 1 1 44]",
		1:  "[65 NaN NaN 0 0 0 1.5 2 2 44]",
		2:  "[100 NaN NaN 1 0 0 0.5 3 3 44]",
		3:  "[100 500 NaN 0 1 0 1.5 0.5 4 44]",
		47: "[100 500 38.5 0 0 1 45.5 44.5 0 44]",
	} {
		if got := fmt.Sprint(a[bin*10 : bin*10+10]); got != want {
			t.Errorf("bin %d: %s, want %s", bin, got, want)
		}
	}
	if b := d.Media(0); !isNaN(b[0]) || b[10] != 90 || !isNaN(b[9]) {
		t.Errorf("the other stay: %v", b[:20])
	}
	if c := d.Media(2); !isNaN(c[0]) || c[3] != 0 || c[47*10+6] != 48 {
		t.Errorf("a stay without events: %v", c[:10])
	}
	age, _ := d.Attribute("Age")
	sex, _ := d.Attribute("sex")
	if age.Numbers[1] != 44 || !math.IsNaN(age.Numbers[0]) || sex.Codes[1] != 0 {
		t.Errorf("attributes %v and %v", age, sex)
	}
}

func TestEachChannelAndAggregateOfAGrid(t *testing.T) {
	f := files{"events.csv": eventTable, "outcomes.csv": eventOutcomes}
	for aggregate, want := range map[string]float32{"mean": 65, "last": 70, "min": 60, "max": 70, "sum": 130} {
		d := openFiles(t, f, eventConfig(func(c *dataset.Config) {
			c.Features, c.Events.Static = []string{"HR"}, nil
			c.Events.Channels, c.Events.Aggregate, c.Events.Fill = []string{"mask", "value"}, aggregate, "none"
		}))
		if x := d.Media(1); x[0] != 1 || x[1] != want || !isNaN(x[3]) {
			t.Errorf("%s: %v, want 1, %v, 0 and NaN", aggregate, x[:4], want)
		}
	}
}

func TestEventsBecomeStatistics(t *testing.T) {
	d := openFiles(t, files{"events.csv": eventTable, "outcomes.csv": eventOutcomes}, eventConfig(func(c *dataset.Config) {
		c.Features = []string{"HR"}
		c.Events.Layout, c.Events.Recent = "statistics", 46
	}))
	want := []string{"Age", "HR.count", "HR.first", "HR.last", "HR.mean", "HR.std", "HR.min", "HR.max", "HR.sum", "HR.slope", "HR.since", "HR.count.46h"}
	if !slices.Equal(d.Features[:12], want) || len(d.Features) != 21 {
		t.Fatalf("features %v", d.Features)
	}
	// HR 60, 70, 100 at 0.25, 0.5 and 2.5 h: numpy.polyfit gives a slope of 16.712329.
	mean := 230.0 / 3
	std := math.Sqrt((math.Pow(60-mean, 2) + math.Pow(70-mean, 2) + math.Pow(100-mean, 2)) / 2)
	for i, want := range []float64{44, 3, 60, 100, mean, std, 60, 100, 230, 16.712329, 45.5, 1, 100, 100, 100, math.NaN(), 100, 100, 100, math.NaN(), 45.5} {
		if got := d.Row(1)[i]; math.Abs(got-want) > 1e-4 || math.IsNaN(got) != math.IsNaN(want) {
			t.Errorf("%s: %v, want %v", d.Features[i], got, want)
		}
	}
	if x := d.Row(2); !math.IsNaN(x[2]) || x[1] != 0 {
		t.Errorf("a stay without events: %v", x)
	}
}

func TestDatesCountFromTheAnchorOrTheFirstEvent(t *testing.T) {
	table := "id,time,variable,value\n1,2026-03-01 09:30:00,HR,60\n1,2026-03-01T08:30,HR,50\n2,2026-03-02,HR,70\n2,2026-03-02 01:00,HR,71\n"
	outcomes := "id,y,admitted\n1,a,2026-03-01 08:00\n2,b,2026-03-01 23:30\n"
	for anchor, want := range map[string]string{"": "[50 60 70 71]", "admitted": "[50 60 70 71]"} {
		d := openFiles(t, files{"e.csv": table, "o.csv": outcomes}, dataset.Config{
			Source: "e.csv", Format: "events", Target: "y",
			Events: dataset.EventsConfig{Outcomes: "o.csv", Anchor: anchor, Hours: 2, Channels: []string{"value", "since"}},
		})
		since := d.Media(0)[1]
		if got := fmt.Sprint([]float32{d.Media(0)[0], d.Media(0)[2], d.Media(1)[0], d.Media(1)[2]}); got != want {
			t.Errorf("anchor %q: %s, want %s", anchor, got, want)
		}
		if wanted := map[string]float32{"": 1, "admitted": 0.5}[anchor]; since != wanted {
			t.Errorf("anchor %q: %v hours since, want %v", anchor, since, wanted)
		}
	}
}

// physionet is how the data of the challenge of 2012 are read.
func physionet(layout string) dataset.Config {
	return dataset.Config{
		Source: "set-a.tar.gz", Format: "events", Target: "In-hospital_death", Positive: "1",
		Subgroups: []dataset.Subgroup{{Column: "Gender"}, {Column: "Age", Cuts: []float64{65}}},
		Events: dataset.EventsConfig{
			Layout: layout, Outcomes: "Outcomes-a.txt", Static: []string{"Age", "Gender", "Height", "ICUType"},
			Missing: []float64{-1}, Plausible: true,
		},
	}
}

func TestThePhysioNet2012Set(t *testing.T) {
	folder := dataset.DataFolder(t, "physionet2012")
	d, err := dataset.Open(physionet("grid"), dataset.Classification, folder)
	if err != nil {
		t.Fatal(err)
	}
	// 41 variables but RecordID: 4 static and 37 that change, weight among them.
	if d.Len() != 4000 || !slices.Equal(d.Shape, []int{48, 37*3 + 4}) {
		t.Fatalf("%d examples of %v", d.Len(), d.Shape)
	}
	if n := d.Counts(allOf(d)); n[1] != 554 {
		t.Errorf("%d deaths, want the challenge's 554 of 4000", n[1])
	}
	// Patient 132539, the first: HR 73 at 00:07 and 77 at 00:37, no ALP.
	names := physionetVariables
	x := d.Media(0)
	if hr, alp := x[slices.Index(names, "HR")], x[slices.Index(names, "ALP")]; hr != 75 || !isNaN(alp) {
		t.Errorf("first patient's HR %v, ALP %v", hr, alp)
	}
	if age := x[37*3]; age != 54 {
		t.Errorf("first patient's age %v, want 54", age)
	}
	s, err := dataset.Open(physionet("statistics"), dataset.Classification, folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Features) != 37*10+4 || s.Features[4] != "ALP.count" {
		t.Errorf("%d features, the fifth %s", len(s.Features), s.Features[4])
	}
	if _, err := s.Prepare(dataset.Preprocess{}, allOf(s)[:100]); err != nil { // some columns are missing in all of them
		t.Error(err)
	}
}

var physionetVariables = strings.Fields(`ALP ALT AST Albumin BUN Bilirubin Cholesterol Creatinine DiasABP FiO2 GCS Glucose
	HCO3 HCT HR K Lactate MAP MechVent Mg NIDiasABP NIMAP NISysABP Na PaCO2 PaO2 Platelets RespRate SaO2 SysABP Temp
	TroponinI TroponinT Urine WBC Weight pH`)

func TestAFolderAndItsArchiveAreOneDataset(t *testing.T) {
	one := "Time,Parameter,Value\n00:00,RecordID,11\n00:00,Age,50\n01:10,HR,80\n"
	two := "Time,Parameter,Value\n00:00,RecordID,12\n00:00,Age,60\n01:10,HR,90\n"
	f := files{"set/11.txt": one, "set/12.txt": two, "o.txt": "RecordID,y\n12,a\n11,b\n"}
	c := dataset.Config{Source: "set", Format: "events", Target: "y", Events: dataset.EventsConfig{Outcomes: "o.txt"}}
	want := openFiles(t, f, c)
	f["set.tar.gz"] = packed(t, []tar.Header{{Name: "set/", Typeflag: tar.TypeDir}, {Name: "set/12.txt"}, {Name: "set/._x.txt"}, {Name: "set/11.txt"}}, []string{"", two, "\x00", one})
	c.Source = "set.tar.gz"
	got := openFiles(t, f, c)
	for i := range 2 {
		if fmt.Sprint(got.Media(i)) != fmt.Sprint(want.Media(i)) || got.Label(i) != want.Label(i) {
			t.Errorf("example %d differs", i)
		}
	}
	if got.Shape[1] != 6 {
		t.Errorf("shape %v: RecordID is no variable", got.Shape)
	}
}

// packed returns a .tar.gz.
func packed(t testing.TB, headers []tar.Header, texts []string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for i, h := range headers {
		h.Size, h.Mode = int64(len(texts[i])), 0o600
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(texts[i])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAHostileArchiveIsRefused(t *testing.T) {
	text := "Time,Parameter,Value\n00:00,HR,80\n"
	good := packed(t, []tar.Header{{Name: "11.txt"}}, []string{text})
	for name, archive := range map[string]string{
		"names inside the archive": packed(t, []tar.Header{{Name: "../11.txt"}}, []string{text}),
		"a link or device":         packed(t, []tar.Header{{Name: "11.txt", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}}, []string{""}),
		"for the second time":      packed(t, []tar.Header{{Name: "a/11.txt"}, {Name: "b/11.txt"}}, []string{text, text}),
		"damaged compressed bytes": good[:30] + "\xff\xff\xff" + good[33:],
		"ends too soon":            good[:len(good)-4],
		"that is cut off":          "Time,Parameter,Value\n00:00,HR,80\n",
		"whose checksum is wrong":  good[:len(good)-8] + "\x00\x00\x00\x00" + good[len(good)-4:],
		"no events":                packed(t, []tar.Header{{Name: "11.bin"}}, []string{"x"}),
		"found an empty file":      packed(t, []tar.Header{{Name: "11.txt"}}, []string{""}),
		"an id without an outcome": packed(t, []tar.Header{{Name: "13.txt"}}, []string{text}),
		"an id without a file":     good,
	} {
		folder := writeFiles(t, files{"s.tar.gz": archive, "o.csv": "id,y\n11,a\n12,b\n"})
		_, err := dataset.Open(dataset.Config{Source: "s.tar.gz", Format: "events", Target: "y", Events: dataset.EventsConfig{Outcomes: "o.csv"}}, dataset.Classification, folder)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("want an error about %q, got %v", name, err)
			continue
		}
		checkError(t, err, folder)
	}
}

// FuzzEvents holds the reader of events to FuzzRead's promises.
func FuzzEvents(f *testing.F) {
	f.Add(eventTable, eventOutcomes, false)
	f.Add(eventTable, eventOutcomes, true)
	f.Add("stay,when,name,number\na,2026-03-01,HR,1\n", "stay,died\na,1\nb,2\n", false)
	f.Add("stay,when,name,number\na,-00:30:10,HR,1e38\n", "stay,died\na,1\nb,2\n", true)
	f.Fuzz(func(t *testing.T, table, outcomes string, statistics bool) {
		fuzzSource(t, files{"events.csv": table, "outcomes.csv": outcomes}, eventConfig(func(c *dataset.Config) {
			c.Events.Static = nil
			if statistics {
				c.Events.Layout = "statistics"
			}
		}))
	})
}

func BenchmarkPhysioNet2012(b *testing.B) {
	folder, err := filepath.Abs(dataset.DataFolder(b, "physionet2012"))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(folder); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := dataset.Open(physionet("grid"), dataset.Classification, folder); err != nil {
			b.Fatal(err)
		}
	}
}
