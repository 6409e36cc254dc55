// Products in tiles against a plain triple loop, bit for bit, whatever the tile and the strides.
#define STATECAST_TARGET in_test_matmul
#define STATECAST_REGISTER 16
#if defined(__aarch64__)
#define STATECAST_FMA
#endif
#include "matmul.h"

#include <vector>

#include "check.h"
#include "problem.h"

namespace {

using namespace statecast::in_test_matmul;
using statecast::Index;
using statecast::kBlock;

// C [rows, 16 panels] = start + A B + A2 B2, with the strides of each of the three uses.
template <class T>
struct Product {
  Index rows, panels, depth;
  bool by_columns, in_panels;
  std::vector<T> a, b, c;

  Product(Index rows_, Index panels_, Index depth_, bool by_columns_, bool in_panels_)
      : rows(rows_), panels(panels_), depth(depth_), by_columns(by_columns_), in_panels(in_panels_) {
    Draw draw(unsigned(100 * rows + 10 * panels + depth));
    const auto fill = [&](std::vector<T>& into, Index size) {
      for (Index k = 0; k < size; ++k) into.push_back(T(draw(1)));
    };
    fill(a, rows * depth), fill(b, depth * width()), fill(c, rows * width());
  }

  Index width() const { return panels * kBlock; }

  Factors<T> factors() const {
    return {a.data(), by_columns ? 1 : depth,       by_columns ? rows : 1,
            b.data(), in_panels ? kBlock : width(), in_panels ? depth * kBlock : kBlock,
            depth};
  }

  std::vector<T> plain(const Grid<const T>& start) const {
    std::vector<T> result;
    const Factors<T> f = factors();
    for (Index m = 0; m < rows; ++m) {
      for (Index j = 0; j < width(); ++j) {
        const Index panel = j / kBlock, column = j % kBlock;
        T sum = start.at == nullptr ? T(0) : start.at[m * start.row + panel * start.panel + column];
        for (int twice = 0; twice < 2; ++twice)
          for (Index k = 0; k < depth; ++k)
            sum = fma_one(f.a[m * f.a_row + k * f.a_step], f.b[k * f.b_step + panel * f.b_panel + column], sum);
        result.push_back(sum);
      }
    }
    return result;
  }
};

template <class T>
void check_products() {
  for (Index rows = 1; rows <= 20; ++rows) {
    for (Index panels = 1; panels <= 5; ++panels) {
      for (const Index depth : {1, 2, 7}) {
        for (const int strides : {0, 1, 2, 3}) {
          const Product<T> product(rows, panels, depth, strides % 2 == 1, strides / 2 == 1);
          const Factors<T> twice[] = {product.factors(), product.factors()};
          const Index row = product.width();
          for (const int start : {0, 1, 2}) {  // from zero, from one row for all, in place
            std::vector<T> to = product.c;
            const Grid<const T> from = start == 0   ? Grid<const T>{nullptr, row, kBlock}
                                       : start == 1 ? Grid<const T>{product.b.data(), 0, kBlock}
                                                    : Grid<const T>{to.data(), row, kBlock};
            const auto expected = product.plain(from);
            multiply<T>({to.data(), row, kBlock}, from, rows, panels, twice, 2);
            CHECK(same_bits(to, expected), rows, panels, depth, strides, start);
          }
        }
      }
    }
  }
}

template <class T, int Rows, int Panels>
void check_tile() {
  for (Index rows = 1; rows <= 20; ++rows) {
    const Product<T> product(rows, Panels, 7, false, true);
    const Factors<T> twice[] = {product.factors(), product.factors()};
    std::vector<T> to(product.c.size());
    multiply_rows<T, Rows, Panels>({to.data(), product.width(), kBlock}, {}, 0, rows, 0, twice, 2);
    CHECK(same_bits(to, product.plain({})), rows, Rows, Panels);
  }
}

template <class T>
void check_tiles() {
  check_tile<T, 1, 1>(), check_tile<T, 2, 1>(), check_tile<T, 4, 1>(), check_tile<T, 8, 1>();
  check_tile<T, 1, 2>(), check_tile<T, 2, 2>(), check_tile<T, 4, 2>(), check_tile<T, 8, 2>();
}

}  // namespace

TEST(products_are_those_of_three_plain_loops) {
  check_products<float>();
  check_products<double>();
}

TEST(tiles_of_every_size_give_the_same_bits) {
  check_tiles<float>();
  check_tiles<double>();
}
