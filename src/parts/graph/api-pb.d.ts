// The part of TensorFlow's protocol buffers, as tfjs-node carries them, that graphs need.
declare module '@tensorflow/tfjs-node/dist/proto/api_pb.js' {
  interface AttributeMap {
    set(name: string, value: AttrValue): unknown;
  }
  class VersionDef {
    setProducer(version: number): void;
  }
  class TensorShape {
    addDim(dimension: TensorShape.Dim): unknown;
  }
  namespace TensorShape {
    class Dim {
      setSize(size: number): void;
    }
  }
  class Tensor {
    setDtype(dtype: number): void;
    setTensorShape(shape: TensorShape): void;
    setTensorContent(content: Uint8Array): void;
    addStringVal(value: Uint8Array): unknown;
  }
  class AttrValue {
    setType(dtype: number): void;
    setI(value: number): void;
    setF(value: number): void;
    setB(value: boolean): void;
    setS(value: Uint8Array): void;
    setShape(shape: TensorShape): void;
    setTensor(tensor: Tensor): void;
    setList(list: AttrValue.ListValue): void;
  }
  namespace AttrValue {
    class ListValue {
      setTypeList(values: readonly number[]): void;
      setIList(values: readonly number[]): void;
      setFList(values: readonly number[]): void;
      setBList(values: readonly boolean[]): void;
      setSList(values: readonly Uint8Array[]): void;
      setShapeList(values: readonly TensorShape[]): void;
    }
  }
  class NodeDef {
    setName(name: string): void;
    setOp(op: string): void;
    addInput(name: string): unknown;
    getAttrMap(): AttributeMap;
  }
  class GraphDef {
    setVersions(versions: VersionDef): void;
    addNode(node: NodeDef): unknown;
  }
  class TensorInfo {
    setName(name: string): void;
    setDtype(dtype: number): void;
    setTensorShape(shape: TensorShape): void;
  }
  interface InfoMap {
    set(name: string, info: TensorInfo): unknown;
  }
  class SignatureDef {
    getInputsMap(): InfoMap;
    getOutputsMap(): InfoMap;
    setMethodName(name: string): void;
  }
  class MetaGraphDef {
    setMetaInfoDef(info: MetaGraphDef.MetaInfoDef): void;
    setGraphDef(graph: GraphDef): void;
    getSignatureDefMap(): { set(name: string, signature: SignatureDef): unknown };
  }
  namespace MetaGraphDef {
    class MetaInfoDef {
      addTags(tag: string): unknown;
    }
  }
  class SavedModel {
    setSavedModelSchemaVersion(version: number): void;
    addMetaGraphs(graph: MetaGraphDef): unknown;
    serializeBinary(): Uint8Array;
  }
}
