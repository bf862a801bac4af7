// A thin layer over TensorFlow's C interface for kernels on float32 tensors.
#pragma once
#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

#include "parallel.h"

namespace layerwise {

typedef std::vector<int64_t> Shape;

inline std::string textOf(const Shape& shape) {
  std::string text = "[";
  for (size_t d = 0; d < shape.size(); d++) text += (d > 0 ? "," : "") + std::to_string(shape[d]);
  return text + "]";
}

/** What the operation of a kernel is called. */
template <typename Kernel>
const char* nameOf = "";

/** One call of a kernel: its inputs and outputs. They are freed with it. Once it has failed, all that it gives is null. */
class Call {
 public:
  Call(TF_OpKernelContext* context, const char* operation) : context_(context), status_(TF_NewStatus()), operation_(operation) {}
  Call(const Call&) = delete;
  ~Call() {
    for (TF_Tensor* tensor : tensors_) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status_);
  }

  /** An input of any shape. */
  const float* any(int i, Shape* shape) {
    if (failed()) return nullptr;
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, i, &tensor, status_);
    if (!held(tensor)) return nullptr;
    shape->clear();
    for (int d = 0; d < TF_NumDims(tensor); d++) shape->push_back(TF_Dim(tensor, d));
    return static_cast<const float*>(TF_TensorData(tensor));
  }

  /** An input of so many dimensions, or with 0 of any number but none. */
  const float* input(int i, const char* name, size_t rank, Shape* shape) {
    const float* values = any(i, shape);
    if (!failed() && (rank == 0 ? shape->empty() : shape->size() != rank))
      fail(std::string("expected ") + name + " of " + (rank == 0 ? "at least 1 dimension" : std::to_string(rank) + " dimensions") + ", got the shape " + textOf(*shape));
    return failed() ? nullptr : values;
  }

  /** An input of this shape. */
  const float* input(int i, const char* name, const Shape& expected) {
    Shape shape;
    const float* values = any(i, &shape);
    if (!failed() && shape != expected) fail(std::string("expected ") + name + " of shape " + textOf(expected) + ", got " + textOf(shape));
    return failed() ? nullptr : values;
  }

  /** An input of this shape, or null where it is left out: an empty list stands for it. */
  const float* optional(int i, const char* name, const Shape& expected) {
    Shape shape;
    any(i, &shape);
    return failed() || shape == Shape{0} ? nullptr : input(i, name, expected);
  }

  float* output(int i, const Shape& shape) {
    if (failed()) return nullptr;
    size_t bytes = sizeof(float);
    for (int64_t length : shape) bytes *= length;
    TF_Tensor* tensor = TF_AllocateOutput(context_, i, TF_FLOAT, shape.data(), shape.size(), bytes, status_);
    return held(tensor) ? static_cast<float*>(TF_TensorData(tensor)) : nullptr;
  }

  bool failed() const { return TF_GetCode(status_) != TF_OK; }

  void fail(const std::string& message) {
    TF_SetStatus(status_, TF_INVALID_ARGUMENT, (std::string(operation_) + ": " + message).c_str());
    TF_OpKernelContext_Failure(context_, status_);
  }

 private:
  bool held(TF_Tensor* tensor) {
    if (failed()) {
      TF_OpKernelContext_Failure(context_, status_);
      return false;
    }
    tensors_.push_back(tensor);
    return true;
  }

  TF_OpKernelContext* context_;
  TF_Status* status_;
  const char* operation_;
  std::vector<TF_Tensor*> tensors_;
};

inline int64_t sizeOf(const Shape& shape) {
  int64_t size = 1;
  for (int64_t length : shape) size *= length;
  return size;
}

/** The attributes of an operation, as numbers. */
class Attributes {
 public:
  explicit Attributes(TF_OpKernelConstruction* construction) : construction_(construction), status_(TF_NewStatus()) {}
  ~Attributes() { TF_DeleteStatus(status_); }
  float number(const char* name) {
    float value = 0;
    TF_OpKernelConstruction_GetAttrFloat(construction_, name, &value, status_);
    return value;
  }
  bool flag(const char* name) {
    unsigned char value = 0;
    TF_OpKernelConstruction_GetAttrBool(construction_, name, &value, status_);
    return value != 0;
  }
  int64_t count(const char* name) {
    int64_t value = 0;
    TF_OpKernelConstruction_GetAttrInt64(construction_, name, &value, status_);
    return value;
  }

 private:
  TF_OpKernelConstruction* construction_;
  TF_Status* status_;
};

/** Registers an operation whose kernel is `Kernel`: made from Attributes, called with a Call. */
template <typename Kernel>
void define(const char* name, std::initializer_list<const char*> inputs, std::initializer_list<const char*> outputs, std::initializer_list<const char*> attributes) {
  nameOf<Kernel> = name;
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(name);
  for (const char* attribute : attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, TF_ShapeInferenceContextSetUnknownShape);
  TF_Status* status = TF_NewStatus();
  TF_RegisterOpDefinition(definition, status);
  TF_KernelBuilder* kernel = TF_NewKernelBuilder(
      name, "CPU",
      [](TF_OpKernelConstruction* construction) -> void* {
        Attributes given(construction);
        return new Kernel(given);
      },
      [](void* kernel, TF_OpKernelContext* context) {
        Call call(context, nameOf<Kernel>);
        static_cast<Kernel*>(kernel)->compute(call);
      },
      [](void* kernel) { delete static_cast<Kernel*>(kernel); });
  TF_RegisterKernelBuilder(name, kernel, status);
  TF_DeleteStatus(status);
}

}  // namespace layerwise
