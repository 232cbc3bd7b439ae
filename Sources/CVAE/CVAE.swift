// One import for clients: `import CVAE`. Nothing in it needs GD; see `CVAEPictures`.
@_exported public import CVAEEvaluation
@_exported public import CVAEGeneration
@_exported public import CVAEModels
@_exported public import CVAETraining
@_exported public import ConditionalData
@_exported public import OneDNNExecution
@_exported public import RecordTypes
@_exported public import TensorFiles
@_exported public import TensorGraph
@_exported public import XLAExecution
