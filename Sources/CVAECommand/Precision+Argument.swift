public import ArgumentParser
public import TensorGraph

extension Precision: ExpressibleByArgument {}
