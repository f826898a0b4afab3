package serve

import _ "embed"

// openAPI describes the API, at /api/openapi.json.
//
//go:embed openapi.json
var openAPI []byte
