import Foundation

func logOf(_ x: Double) -> Double { log(x) }
func expOf(_ x: Double) -> Double { exp(x) }
func sigmoidOf(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
