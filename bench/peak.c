/* What one core of this machine can do at most: float32 fused multiply-adds in registers,
 * and memory read and copied. compare.py compiles it with -O3 -march=native and prints what
 * it says. One object on a line: {"gflops":…, "read_gb_s":…, "copy_gb_s":…}. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__AVX512F__)
#define WIDTH 16
#else
#define WIDTH 8
#endif
typedef float vec __attribute__((vector_size(4 * WIDTH)));

/* The processor's time: a neighbour's doesn't count. */
static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* Twelve chains hide a latency of four to six cycles on two ports. The empty asm keeps each
 * in a register of its own. */
#define EACH(F) F(0) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11)
#define MAKE(i) vec a##i = x + (float)i;
#define STEP(i) a##i = a##i * x + y; __asm__ volatile("" : "+v"(a##i));
#define SUM(i) sum += a##i;

static double flops(void) {
	vec x, y, sum;
	memset(&y, 0, sizeof y);
	x = y + 0.999f, y = y + 0.001f, sum = y;
	const long n = 5000000;
	EACH(MAKE)
	double start = now();
	for (long i = 0; i < n; i++) { EACH(STEP) }
	double took = now() - start;
	EACH(SUM)
	if (sum[0] == 42) puts("");
	return 2.0 * 12 * WIDTH * n / took;
}

static double best(double (*f)(void)) {
	double top = 0;
	for (int i = 0; i < 9; i++) {
		double x = f();
		if (x > top) top = x;
	}
	return top;
}

#define BYTES (256l << 20)
static char *from, *to;

static double reading(void) {
	const vec *p = (const vec *)from;
	vec a = p[0], b = a, c = a, d = a;
	double start = now();
	for (long i = 0; i + 3 < BYTES / (long)sizeof(vec); i += 4) {
		a += p[i], b += p[i + 1], c += p[i + 2], d += p[i + 3];
	}
	double took = now() - start;
	a += b + c + d;
	if (a[0] == 42) puts("");
	return BYTES / took;
}

static double copying(void) {
	double start = now();
	memcpy(to, from, BYTES);
	return BYTES / (now() - start);
}

int main(void) {
	from = aligned_alloc(64, BYTES), to = aligned_alloc(64, BYTES);
	if (!from || !to) return 1;
	memset(from, 1, BYTES), memset(to, 2, BYTES);
	printf("{\"gflops\":%.1f,\"read_gb_s\":%.1f,\"copy_gb_s\":%.1f}\n", best(flops) / 1e9, best(reading) / 1e9,
	       best(copying) / 1e9);
	return 0;
}
