# The guide's path: the same as cloud_function/deploy.ps1.
& (Join-Path $PSScriptRoot '../../cloud_function/deploy.ps1') @args
exit $LASTEXITCODE
