//go:build !purego

package f32

//go:generate go -C _asm run ./vector -out ../vector_amd64.s -stubs ../vector_stubs_amd64.go -pkg f32

var vectors = [...]vectorKernels{
	avx2: {
		lanes: 8,
		exp:   expAVX2, tanh: tanhAVX2, sigmoid: sigmoidAVX2, erf: erfAVX2, relu: reluAVX2,
		add: addAVX2, mul: mulAVX2, reluGrad: reluGradAVX2, tanhGrad: tanhGradAVX2, sigmoidGrad: sigmoidGradAVX2,
		scale: scaleAVX2, axpy: axpyAVX2,
		addRows: addRowsAVX2, addRowsReLU: addRowsReLUAVX2, columnSums: columnSumsAVX2, normalize: normalizeAVX2,
		columnSums64: columnSums64AVX2, columnSquares64: columnSquares64AVX2, normalizedSums: normalizedSumsAVX2, normalizeGrad: normalizeGradAVX2,
		sum: sumAVX2, dot: dotAVX2,
		lstm: lstmAVX2, lstmBack: lstmBackAVX2, gru: gruAVX2, gruBack: gruBackAVX2,
		pool:     [2]poolKernel{pool1x2AVX2, pool2x2AVX2},
		unpool:   [2]unpoolKernel{unpool1x2AVX2, unpool2x2AVX2},
		overtake: overtakeAVX2, adam: adamAVX2, binaryCrossEntropy: binaryCrossEntropyAVX2,
	},
	avx512: {
		lanes: 16,
		exp:   expAVX512, tanh: tanhAVX512, sigmoid: sigmoidAVX512, erf: erfAVX512, relu: reluAVX512,
		add: addAVX512, mul: mulAVX512, reluGrad: reluGradAVX512, tanhGrad: tanhGradAVX512, sigmoidGrad: sigmoidGradAVX512,
		scale: scaleAVX512, axpy: axpyAVX512,
		addRows: addRowsAVX512, addRowsReLU: addRowsReLUAVX512, columnSums: columnSumsAVX512, normalize: normalizeAVX512,
		columnSums64: columnSums64AVX512, columnSquares64: columnSquares64AVX512, normalizedSums: normalizedSumsAVX512, normalizeGrad: normalizeGradAVX512,
		sum: sumAVX512, dot: dotAVX512,
		lstm: lstmAVX512, lstmBack: lstmBackAVX512, gru: gruAVX512, gruBack: gruBackAVX512,
		pool:     [2]poolKernel{pool1x2AVX512, pool2x2AVX512},
		unpool:   [2]unpoolKernel{unpool1x2AVX512, unpool2x2AVX512},
		overtake: overtakeAVX512, adam: adamAVX512, binaryCrossEntropy: binaryCrossEntropyAVX512,
	},
}
