// Package xlsform reads and writes questionnaires as spreadsheets: XLSForm
// workbooks, as ODK, KoboToolbox and others use them.
package xlsform
