#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

func logarithm(_ x: Double) -> Double { log(x) }
func exponential(_ x: Double) -> Double { exp(x) }
func sine(_ x: Double) -> Double { sin(x) }
func cosine(_ x: Double) -> Double { cos(x) }
func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
func logarithmOfOnePlus(_ x: Double) -> Double { log1p(x) }

/// 1 / (1 + exp(−x)) without overflow at any x.
func logistic(_ x: Double) -> Double {
  let small = exponential(-abs(x))
  return (x >= 0 ? 1 : small) / (1 + small)
}

/// log(1 + exp(x)) without overflow at any x.
func softplus(_ x: Double) -> Double { max(x, 0) + logarithmOfOnePlus(exponential(-abs(x))) }
