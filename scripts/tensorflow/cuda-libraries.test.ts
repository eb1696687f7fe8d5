import { expect, test } from 'vitest'
import { cudaLibrary, cudaRequirements } from './cuda-libraries'

test('the packages of the and-cuda extra are read in both spellings of METADATA, and no others', () => {
  const metadata = [
    'Name: tensorflow',
    'Requires-Dist: numpy>=1.26.0',
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
    'Requires-Dist: nvidia-cudnn-cu12 (<10.0,>=9.3.0.75) ; extra == "and-cuda"',
    'Requires-Dist: tensorboard~=2.20.0; extra == "other"',
  ].join('\n')
  expect(cudaRequirements(metadata)).toEqual([
    { package: 'nvidia-cublas-cu12', specifiers: '<13.0,>=12.5.3.2' },
    { package: 'nvidia-cudnn-cu12', specifiers: '<10.0,>=9.3.0.75' },
  ])
})

test('shared libraries are taken out of the wheels, whatever their folder', () => {
  expect(cudaLibrary('nvidia/cublas/lib/libcublas.so.12')).toBe('libcublas.so.12')
  expect(cudaLibrary('nvidia/cuda_nvrtc/lib/libnvrtc-builtins.so.12.5')).toBe('libnvrtc-builtins.so.12.5')
  expect(cudaLibrary('nvidia/cublas/include/cublas.h')).toBeNull()
  expect(cudaLibrary('nvidia/cublas/lib/__init__.py')).toBeNull()
})
