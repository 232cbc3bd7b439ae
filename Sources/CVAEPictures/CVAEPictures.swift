// What a client that reads or draws pictures imports beside `CVAE`: both need GD.
@_exported public import Figures
@_exported public import PictureData
