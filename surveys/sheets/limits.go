package sheets

// What a table may need, counted on bytes and cells really read. They are above
// any table that people keep by hand.
const (
	maxEntries  = 2_000       // files in the zip archive of a workbook
	maxPart     = 1 << 30     // bytes of one file in it, unpacked
	maxOpening  = 256 << 20   // bytes unpacked in all until the first row is found: one part may stand for many sheets
	maxRatio    = 250         // of unpacked to packed, above freeRatio
	freeRatio   = 8 << 20     // bytes that may be packed as tightly as they like
	maxMarkup   = 1 << 20     // bytes without a tag: no cell, attribute or comment is longer
	maxShared   = 64 << 20    // bytes of texts that cells share, each counted as sharedCost more
	sharedCost  = 32          // bytes of memory that a text needs besides itself
	maxSheets   = 200         // in a workbook
	maxStyles   = 70_000      // formats of cells; Excel has at most 64,000
	maxCell     = 128 << 10   // bytes of one cell; Excel has at most 32,767 characters
	maxRowBytes = 4 << 20     // bytes of all cells of a row
	maxCells    = 100_000_000 // cells of a table, empty ones before the last counted
	lastColumn  = 16_384      // of Excel
	lastRow     = 1_048_576   // of Excel
)
