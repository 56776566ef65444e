# Brings the platform to Google Cloud; --help says more. The steps are in cloud_function/deploy/.
$ErrorActionPreference = 'Continue'
Push-Location (Split-Path -Parent $PSScriptRoot)
try {
  foreach ($python in '.venv\Scripts\python.exe', 'python', 'python3', 'py') {
    if (-not (Get-Command $python -ErrorAction SilentlyContinue)) { continue }
    & $python -c 'import sys; sys.exit(sys.version_info < (3, 11))' *> $null
    if ($LASTEXITCODE -ne 0) { continue }
    & $python -m cloud_function.deploy @args
    exit $LASTEXITCODE
  }
  [Console]::Error.WriteLine('error: Python 3.11 or newer is not installed, or not on PATH.')
  exit 2
}
finally {
  Pop-Location
}
