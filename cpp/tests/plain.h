// One layer of LSTM as plain loops over numbers, without padding, vectors or buffers: what the core is checked against.
//
// Parameters are in the outer order of shape.h. The first I + H + 1 rows [4H] multiply the row [x, h_prev, 1].
#pragma once

#include <cmath>
#include <vector>

#include "core.h"

namespace plain {

using statecast::Index;
using Numbers = std::vector<double>;

struct State {
  Numbers h, c;
};

struct Step {
  Numbers in;  // [x, h_prev, 1]
  Numbers i, f, g, o, c_prev, c, h, yhat;
};

inline double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

inline Step forward(const statecast::Shape& shape, const Numbers& w, const double* x, const State& state) {
  const Index I = shape.inputs, H = shape.units, O = shape.outputs, head = (I + H + 1) * 4 * H;
  Step step;
  step.in.assign(x, x + I);
  step.in.insert(step.in.end(), state.h.begin(), state.h.end());
  step.in.push_back(1);
  step.c_prev = state.c;
  for (Index k = 0; k < H; ++k) {
    double z[4] = {0, 0, 0, 0};
    for (Index gate = 0; gate < 4; ++gate)
      for (std::size_t r = 0; r < step.in.size(); ++r) z[gate] += step.in[r] * w[r * 4 * H + gate * H + k];
    step.i.push_back(sigmoid(z[0]));
    step.f.push_back(sigmoid(z[1]));
    step.g.push_back(std::tanh(z[2]));
    step.o.push_back(sigmoid(z[3]));
    step.c.push_back(step.f[k] * state.c[k] + step.i[k] * step.g[k]);
    step.h.push_back(step.o[k] * std::tanh(step.c[k]));
  }
  for (Index o = 0; o < O; ++o) {
    step.yhat.push_back(w[head + H * O + o]);
    for (Index k = 0; k < H; ++k) step.yhat[o] += step.h[k] * w[head + k * O + o];
  }
  return step;
}

// Adds the step's share to the gradient; dh, dc: dL/dh, dL/dc from the step after, and then for the step before.
inline void backward(const statecast::Shape& shape, const Numbers& w, const Step& step, const Numbers& dy,
                     Numbers& gradient, Numbers& dh, Numbers& dc) {
  const Index I = shape.inputs, H = shape.units, O = shape.outputs, head = (I + H + 1) * 4 * H;
  Numbers dz(4 * H);
  for (Index k = 0; k < H; ++k) {
    for (Index o = 0; o < O; ++o) {
      dh[k] += dy[o] * w[head + k * O + o];
      gradient[head + k * O + o] += dy[o] * step.h[k];
    }
    const double i = step.i[k], f = step.f[k], g = step.g[k], o = step.o[k], t = std::tanh(step.c[k]);
    dc[k] += dh[k] * o * (1 - t * t);
    dz[k] = dc[k] * g * i * (1 - i);
    dz[H + k] = dc[k] * step.c_prev[k] * f * (1 - f);
    dz[2 * H + k] = dc[k] * i * (1 - g * g);
    dz[3 * H + k] = dh[k] * t * o * (1 - o);
    dc[k] *= f;
  }
  for (Index o = 0; o < O; ++o) gradient[head + H * O + o] += dy[o];
  for (std::size_t r = 0; r < step.in.size(); ++r)
    for (Index j = 0; j < 4 * H; ++j) gradient[r * 4 * H + j] += step.in[r] * dz[j];
  for (Index k = 0; k < H; ++k) {
    dh[k] = 0;
    for (Index j = 0; j < 4 * H; ++j) dh[k] += w[(I + k) * 4 * H + j] * dz[j];
  }
}

// Loss of one chunk from `state`, which moves on behind it, and its gradient.
inline double gradient(const statecast::Shape& shape, const Numbers& w, const double* x, const double* y, Index rows,
                       State& state, Numbers& result) {
  const Index H = shape.units, O = shape.outputs;
  std::vector<Step> steps;
  std::vector<Numbers> errors;
  double loss = 0;
  for (Index t = 0; t < rows; ++t) {
    steps.push_back(forward(shape, w, x + t * shape.inputs, state));
    state = {steps[t].h, steps[t].c};
    errors.emplace_back();
    for (Index o = 0; o < O; ++o) {
      const double error = steps[t].yhat[o] - y[t * O + o];
      loss += error * error / double(rows * O);
      errors[t].push_back(2 * error / double(rows * O));
    }
  }
  result.assign(w.size(), 0);
  Numbers dh(H, 0), dc(H, 0);
  for (Index t = rows - 1; t >= 0; --t) backward(shape, w, steps[t], errors[t], result, dh, dc);
  return loss;
}

// Trains w in place; returns the loss of every epoch.
inline Numbers train(const statecast::Shape& shape, Numbers& w, const double* x, const double* y, Index rows,
                     const statecast::OnlineOptions& options) {
  Numbers m(w.size(), 0), v(w.size(), 0), g, losses;
  const auto& adam = options.update.adam;
  int updates = 0;
  for (Index epoch = 0; epoch < options.epochs; ++epoch) {
    State state{Numbers(shape.units, 0), Numbers(shape.units, 0)};
    double loss = 0;
    int chunks = 0;
    for (Index from = 0; from < rows; from += options.bptt, ++chunks) {
      const Index count = rows - from < options.bptt ? rows - from : options.bptt;
      loss += gradient(shape, w, x + from * shape.inputs, y + from * shape.outputs, count, state, g);
      ++updates;
      const double rate =
          options.schedule.highest * std::sqrt(1 - std::pow(adam.beta2, updates)) / (1 - std::pow(adam.beta1, updates));
      for (std::size_t p = 0; p < w.size(); ++p) {
        m[p] = adam.beta1 * m[p] + (1 - adam.beta1) * g[p];
        v[p] = adam.beta2 * v[p] + (1 - adam.beta2) * g[p] * g[p];
        w[p] -= rate * m[p] / (std::sqrt(v[p]) + adam.epsilon);
      }
    }
    losses.push_back(loss / chunks);
  }
  return losses;
}

}  // namespace plain
