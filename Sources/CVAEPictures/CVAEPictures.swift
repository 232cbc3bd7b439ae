// Clients that read or draw pictures import this beside `CVAE`; both tasks need GD.
@_exported public import Figures
@_exported public import PictureData
