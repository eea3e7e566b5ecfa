#!/bin/sh
# For PBS and Grid Engine: an array job with a worker a task. Grid Engine: -t as it is, and qsub -terse.
# switchyard-submit: qsub {{File}}
# switchyard-cancel: qdel {{Id}}
#PBS -N {{Name}}
#PBS -J 1-{{Count}}
#PBS -j oe
#$ -N {{Name}}
#$ -t 1-{{Count}}
SWITCHYARD_CONNECTION='{{Connection}}'
export SWITCHYARD_CONNECTION
exec {{Command}}
