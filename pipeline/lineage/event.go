package lineage

// event is a RunEvent of the specification.
type event struct {
	Type     string    `json:"eventType"`
	Time     string    `json:"eventTime"`
	Run      run       `json:"run"`
	Job      job       `json:"job"`
	Inputs   []dataset `json:"inputs"`
	Outputs  []dataset `json:"outputs"`
	Producer string    `json:"producer"`
	Schema   string    `json:"schemaURL"`
}

type run struct {
	ID     string         `json:"runId"`
	Facets map[string]any `json:"facets"`
}

type job struct {
	Namespace string         `json:"namespace"`
	Name      string         `json:"name"`
	Facets    map[string]any `json:"facets"`
}

type dataset struct {
	Namespace    string         `json:"namespace"`
	Name         string         `json:"name"`
	Facets       map[string]any `json:"facets"`
	OutputFacets map[string]any `json:"outputFacets,omitempty"`
}

// facet is what every facet begins with.
type facet struct {
	Producer string `json:"_producer"`
	Schema   string `json:"_schemaURL"`
}

// named is the beginning of a facet that the specification defines.
func named(name, version string) facet {
	return facet{producer, "https://openlineage.io/spec/facets/" + version + "/" + name + ".json#/$defs/" + name}
}

type processingEngine struct {
	facet
	Version string `json:"version"`
	Name    string `json:"name"`
}

type jobType struct {
	facet
	Processing  string `json:"processingType"`
	Integration string `json:"integration"`
	Type        string `json:"jobType"`
}

type errorMessage struct {
	facet
	Message  string `json:"message"`
	Language string `json:"programmingLanguage"`
}

type parent struct {
	facet
	Run struct {
		ID string `json:"runId"`
	} `json:"run"`
	Job struct {
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
	} `json:"job"`
}

type schema struct {
	facet
	Fields []Field `json:"fields"`
}

type dataSource struct {
	facet
	Name string `json:"name"`
	URI  string `json:"uri"`
}

type version struct {
	facet
	Version string `json:"datasetVersion"`
}

type outputStatistics struct {
	facet
	Rows  int64 `json:"rowCount"`
	Bytes int64 `json:"size"`
}

// in is the dataset as it is read.
func (d Dataset) in() dataset {
	v := dataset{Namespace: d.Namespace, Name: d.Name, Facets: map[string]any{}}
	if len(d.Fields) > 0 {
		v.Facets["schema"] = schema{named("SchemaDatasetFacet", "1-1-1"), d.Fields}
	}
	if d.URI != "" {
		v.Facets["dataSource"] = dataSource{named("DatasourceDatasetFacet", "1-0-1"), d.Source, d.URI}
	}
	if d.Version != "" {
		v.Facets["version"] = version{named("DatasetVersionDatasetFacet", "1-0-1"), d.Version}
	}
	return v
}

// out is the dataset as it is written.
func (d Dataset) out() dataset {
	v := d.in()
	v.OutputFacets = map[string]any{
		"outputStatistics": outputStatistics{named("OutputStatisticsOutputDatasetFacet", "1-0-2"), d.Rows, d.Bytes},
	}
	return v
}
