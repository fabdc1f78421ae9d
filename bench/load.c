/* A load generator that is not the bottleneck: N WebSocket clients in one epoll loop.
 *
 *   load HOST PORT PATH N SILENT MARK
 *
 * Connects N clients that read and SILENT that never do. Every message is searched for MARK, and
 * a number behind it is a message's id: each client must get each id once, in order.
 * stdin:  "report\n" prints one line an id:  id count first_ns median_ns last_ns  then "end";
 *         "quit\n" ends. stdout first says "ready N" when all are connected.
 * Times are CLOCK_MONOTONIC in nanoseconds. Exit 1 when a client got an id twice, out of order,
 * or lost its connection.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 65536, IDS = 1 << 16, AT_ONCE = 256 };

struct client {
    int fd, upgraded, silent;
    long last;
    size_t held;
    unsigned char *bytes;
};

struct seen { long id; int count; long long *times; };

static struct client *clients;
static struct seen seen[IDS];
static int seen_count, total, ready_count;
static const char *mark;
static size_t mark_length;

static long long now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what) {
    printf("failed %s\n", what);
    fflush(stdout);
    exit(1);
}

static struct seen *entry(long id) {
    for (int i = seen_count - 1; i >= 0; i--)
        if (seen[i].id == id) return &seen[i];
    if (seen_count == IDS) fail("too many ids");
    struct seen *made = &seen[seen_count++];
    made->id = id;
    made->count = 0;
    made->times = malloc(sizeof(long long) * total);
    return made;
}

static void message(struct client *c, const unsigned char *text, size_t length) {
    const unsigned char *at = text, *end = text + length;
    while ((at = memmem(at, end - at, mark, mark_length))) {
        at += mark_length;
        if (*at < '0' || *at > '9') continue;
        long id = strtol((const char *)at, NULL, 10);
        if (id <= c->last) fail("an id twice or out of order");
        c->last = id;
        struct seen *s = entry(id);
        s->times[s->count++] = now_ns();
    }
}

/* Takes whole frames off the buffer; unmasked server frames only. */
static void frames(struct client *c) {
    size_t at = 0;
    for (;;) {
        if (c->held - at < 2) break;
        unsigned char *f = c->bytes + at;
        size_t head = 2, length = f[1] & 127;
        if (length == 126) head = 4; else if (length == 127) head = 10;
        if (c->held - at < head) break;
        if (head == 4) length = (f[2] << 8) | f[3];
        if (head == 10) { length = 0; for (int i = 2; i < 10; i++) length = length << 8 | f[i]; }
        if (c->held - at < head + length) break;
        int opcode = f[0] & 15;
        if (opcode == 8) fail("the server closed a connection");
        unsigned char saved = f[head + length];
        f[head + length] = 0;
        if (opcode == 1) message(c, f + head, length);
        f[head + length] = saved;
        at += head + length;
    }
    memmove(c->bytes, c->bytes + at, c->held - at);
    c->held -= at;
}

static void receive(struct client *c) {
    for (;;) {
        if (c->held >= BUFFER) fail("a frame larger than the buffer");
        ssize_t n = recv(c->fd, c->bytes + c->held, BUFFER - c->held, MSG_DONTWAIT);
        if (n == 0) fail("a connection was lost");
        if (n < 0) { if (errno == EAGAIN) return; fail(strerror(errno)); }
        c->held += n;
        if (!c->upgraded) {
            c->bytes[c->held] = 0;
            char *end = memmem(c->bytes, c->held, "\r\n\r\n", 4);
            if (!end) continue;
            if (memcmp(c->bytes, "HTTP/1.1 101", 12)) fail((char *)c->bytes);
            size_t head = end + 4 - (char *)c->bytes;
            memmove(c->bytes, c->bytes + head, c->held - head);
            c->held -= head;
            c->upgraded = 1;
            ready_count++;
        }
        frames(c);
    }
}

static void start(struct client *c, int poll, struct sockaddr_in *to, const char *request) {
    c->bytes = malloc(BUFFER + 1);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->silent) { int small = 4096; setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small); }
    if (connect(c->fd, (struct sockaddr *)to, sizeof *to)) fail(strerror(errno));
    if (write(c->fd, request, strlen(request)) < 0) fail(strerror(errno));
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    if (c->silent) { free(c->bytes); return; }
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &e);
}

static int by_time(const void *a, const void *b) {
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

static void report(void) {
    for (int i = 0; i < seen_count; i++) {
        struct seen *s = &seen[i];
        qsort(s->times, s->count, sizeof(long long), by_time);
        printf("%ld %d %lld %lld %lld %lld\n", s->id, s->count, s->times[0], s->times[s->count / 2],
               s->times[s->count * 99 / 100], s->times[s->count - 1]);
        free(s->times);
    }
    seen_count = 0;
    printf("end\n");
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc != 7) { fprintf(stderr, "load HOST PORT PATH N SILENT MARK\n"); return 2; }
    struct rlimit limit = {200000, 200000};
    setrlimit(RLIMIT_NOFILE, &limit);
    int n = atoi(argv[4]), silent = atoi(argv[5]);
    mark = argv[6];
    mark_length = strlen(mark);
    total = n;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    char request[2048];
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: %s:%s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
             argv[3], argv[1], argv[2]);
    int poll = epoll_create1(0), started = 0, said = 0;
    clients = calloc(n + silent, sizeof *clients);
    struct epoll_event in = {.events = EPOLLIN, .data.ptr = NULL}, events[1024];
    epoll_ctl(poll, EPOLL_CTL_ADD, 0, &in);
    int upgraded_silent = 0;
    for (;;) {
        /* Readers first, a bounded number of handshakes at a time; then the silent ones. */
        while (started < n && started - ready_count < AT_ONCE)
            start(&clients[started++], poll, &to, request);
        while (started >= n && ready_count == n && upgraded_silent < silent) {
            struct client *c = &clients[n + upgraded_silent++];
            c->silent = 1;
            start(c, poll, &to, request);
        }
        if (!said && ready_count == n && upgraded_silent == silent) {
            printf("ready %d\n", n);
            fflush(stdout);
            said = 1;
        }
        int k = epoll_wait(poll, events, 1024, -1);
        for (int i = 0; i < k; i++) {
            if (events[i].data.ptr) { receive(events[i].data.ptr); continue; }
            char line[64];
            ssize_t got = read(0, line, sizeof line - 1);
            if (got <= 0) return 0;
            line[got] = 0;
            if (strstr(line, "quit")) return 0;
            if (strstr(line, "report")) report();
        }
    }
}
