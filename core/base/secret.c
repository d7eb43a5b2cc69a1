/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/secret.h"

#include "core/base/error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define HEAP_SIZE (1024 * 1024)
#define HEAP_LEAST 32

/* What is larger gets pages of its own, so that one PFX file cannot take the
 * locked heap from the keys. */
#define HEAP_MAX_SECRET (64 * 1024)

#define FIRST_READ 4096

struct _IssSecret
{
  guint8   *data;       /* always one NUL more than size */
  gsize     size;
  gsize     capacity;   /* of data, with room for the NUL */
  gboolean  in_heap;    /* else data is mapped */
};

G_DEFINE_BOXED_TYPE (IssSecret, iss_secret, iss_secret_ref, iss_secret_unref)

static guint8 *
allocate_in_heap (gsize capacity)
{
  guint8 *data;

  if (capacity > HEAP_MAX_SECRET || !CRYPTO_secure_malloc_initialized ())
    return NULL;

  /* A full heap is no error of ours to report. */
  ERR_set_mark ();
  data = OPENSSL_secure_zalloc (capacity);
  ERR_pop_to_mark ();

  if (data != NULL && !CRYPTO_secure_allocated (data))
    {
      OPENSSL_free (data);
      return NULL;
    }

  return data;
}

/* Whole pages: locking and unlocking them touches nobody else's memory. That
 * the lock may fail (RLIMIT_MEMLOCK) is accepted; the wiping does not fail. */
static guint8 *
allocate_pages (gsize capacity)
{
  void *data = mmap (NULL, capacity, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (data == MAP_FAILED)
    g_error ("%" G_GSIZE_FORMAT " bytes for a secret cannot be had", capacity);

  (void) mlock (data, capacity);
  (void) madvise (data, capacity, MADV_DONTDUMP);

  return data;
}

static IssSecret *
allocate (gsize size)
{
  IssSecret *self;

  g_assert (size < G_MAXSIZE);

  self = g_atomic_rc_box_new0 (IssSecret);
  self->size = size;
  self->capacity = size + 1;
  self->data = allocate_in_heap (self->capacity);
  self->in_heap = self->data != NULL;

  if (!self->in_heap)
    self->data = allocate_pages (self->capacity);

  return self;
}

static void
wipe (gpointer data)
{
  IssSecret *self = data;

  if (self->in_heap)
    {
      OPENSSL_secure_clear_free (self->data, self->capacity);
      return;
    }

  OPENSSL_cleanse (self->data, self->capacity);
  munmap (self->data, self->capacity);
}

/* Consumes @self. */
static IssSecret *
grow (IssSecret *self,
      gsize      size)
{
  IssSecret *larger = allocate (size);

  memcpy (larger->data, self->data, MIN (self->size, size));
  iss_secret_unref (self);

  return larger;
}

/* Waits where the descriptor does not block. */
static gssize
read_some (int     fd,
           guint8 *buffer,
           gsize   size)
{
  struct pollfd waiting = { .fd = fd, .events = POLLIN };
  gssize n;

  for (;;)
    {
      n = read (fd, buffer, size);
      if (n >= 0)
        return n;

      if (errno == EAGAIN)
        (void) poll (&waiting, 1, -1);
      else if (errno != EINTR)
        return -1;
    }
}

/* OpenSSL's decoders copy keys and passwords as they go and free the copies as they are (of a
 * PKCS#8, of a password in UTF-16), so every piece of its memory is wiped when it is freed. */
static void *
malloc_for_openssl (size_t      size,
                    const char *file,
                    int         line)
{
  return size > 0 ? malloc (size) : NULL;
}

static void
free_for_openssl (void       *data,
                  const char *file,
                  int         line)
{
  if (data != NULL)
    explicit_bzero (data, malloc_usable_size (data));
  free (data);
}

static void *
realloc_for_openssl (void       *data,
                     size_t      size,
                     const char *file,
                     int         line)
{
  size_t usable = data != NULL ? malloc_usable_size (data) : 0;
  void *larger;

  if (size > 0 && size <= usable)
    return data;

  larger = malloc_for_openssl (size, file, line);
  if (larger == NULL && size > 0)
    return NULL;

  if (data != NULL && size > 0)
    memcpy (larger, data, MIN (usable, size));
  free_for_openssl (data, file, line);

  return larger;
}

/**
 * iss_secret_init_memory:
 *
 * Makes the locked heap that secrets and OpenSSL's own keys live in, has OpenSSL wipe what it
 * frees, and keeps this process out of core dumps and away from debuggers. To be called first
 * thing in every main, before OpenSSL is used; more than once does no harm. What the system
 * refuses (little RLIMIT_MEMLOCK) is gone without.
 */
void
iss_secret_init_memory (void)
{
  const struct rlimit none = { 0, 0 };

  /* Refused once OpenSSL has memory: then this was done, or it is a test. */
  (void) CRYPTO_set_mem_functions (malloc_for_openssl, realloc_for_openssl, free_for_openssl);

  if (!CRYPTO_secure_malloc_initialized ())
    (void) CRYPTO_secure_malloc_init (HEAP_SIZE, HEAP_LEAST);

  (void) prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  (void) setrlimit (RLIMIT_CORE, &none);
}

/**
 * iss_secret_new:
 * @data: (nullable): bytes to copy; wiping them is the caller's business
 * @size: number of bytes
 *
 * Returns: (transfer full): a secret with a copy of @data
 */
IssSecret *
iss_secret_new (gconstpointer data,
                gsize         size)
{
  IssSecret *self;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  self = allocate (size);
  if (size > 0)
    memcpy (self->data, data, size);

  return self;
}

/**
 * iss_secret_new_sized:
 * @size: number of bytes
 * @out_data: (out) (transfer none): where to write them; valid as long as the secret
 *
 * Returns: (transfer full): a secret of @size zero bytes, to be filled by the
 *   caller before anybody else sees it
 */
IssSecret *
iss_secret_new_sized (gsize     size,
                      gpointer *out_data)
{
  IssSecret *self;

  g_return_val_if_fail (out_data != NULL, NULL);

  self = allocate (size);
  *out_data = self->data;

  return self;
}

/**
 * iss_secret_take_string:
 * @string: (transfer full): text from g_malloc(); it is wiped and freed
 *
 * Returns: (transfer full): a secret with the text
 */
IssSecret *
iss_secret_take_string (char *string)
{
  IssSecret *self;
  gsize size;

  g_return_val_if_fail (string != NULL, NULL);

  size = strlen (string);
  self = iss_secret_new (string, size);
  OPENSSL_cleanse (string, size);
  g_free (string);

  return self;
}

/**
 * iss_secret_read_fd:
 * @fd: a descriptor to read from; stays open
 * @limit: the most bytes to take
 * @what: what is read, as a sentence begins: "The password file x.txt"
 * @error: return location for an error
 *
 * Reads everything up to the end of @fd straight into secret memory.
 *
 * Returns: (transfer full): the bytes, or %NULL with
 *   %ISS_ERROR_TOO_LARGE when there are more than @limit, or the error the
 *   descriptor gave
 */
IssSecret *
iss_secret_read_fd (int          fd,
                    gsize        limit,
                    const char  *what,
                    GError     **error)
{
  g_autoptr(IssSecret) self = NULL;
  gsize most;
  gsize n_read = 0;
  gssize n;

  g_return_val_if_fail (fd >= 0, NULL);
  g_return_val_if_fail (limit < G_MAXSIZE - 1, NULL);
  g_return_val_if_fail (what != NULL, NULL);

  most = limit + 1;   /* the byte more tells that the limit is passed */
  self = allocate (MIN (FIRST_READ, most));

  for (;;)
    {
      n = read_some (fd, self->data + n_read, self->size - n_read);
      if (n < 0)
        {
          iss_error_set_from_errno (error, errno, _("%s cannot be read"), what);
          return NULL;
        }

      if (n == 0)
        break;

      n_read += (gsize) n;
      if (n_read > limit)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                       _("%s is larger than %" G_GSIZE_FORMAT " bytes"), what, limit);
          return NULL;
        }

      if (n_read == self->size)
        self = grow (self, self->size > most / 2 ? most : self->size * 2);
    }

  memset (self->data + n_read, 0, self->capacity - n_read);
  self->size = n_read;

  return g_steal_pointer (&self);
}

/**
 * iss_secret_without_newline:
 * @self: a secret
 *
 * A password file is the whole file less one final newline, "\n" or "\r\n".
 *
 * Returns: (transfer full): @self, or a new secret without its final newline
 */
IssSecret *
iss_secret_without_newline (IssSecret *self)
{
  gsize size;

  g_return_val_if_fail (self != NULL, NULL);

  size = self->size;
  if (size == 0 || self->data[size - 1] != '\n')
    return iss_secret_ref (self);

  size--;
  if (size > 0 && self->data[size - 1] == '\r')
    size--;

  return iss_secret_new (self->data, size);
}

/**
 * iss_secret_ref:
 * @self: a secret
 *
 * Returns: (transfer full): @self
 */
IssSecret *
iss_secret_ref (IssSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * iss_secret_unref:
 * @self: (transfer full): a secret
 *
 * Gives up a reference; the last one wipes the bytes.
 */
void
iss_secret_unref (IssSecret *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, wipe);
}

/**
 * iss_secret_get_data:
 * @self: a secret
 * @out_size: (out) (optional): number of bytes
 *
 * Returns: (transfer none): the bytes; never %NULL, and followed by a NUL that
 *   is not counted
 */
gconstpointer
iss_secret_get_data (IssSecret *self,
                     gsize     *out_size)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (out_size != NULL)
    *out_size = self->size;

  return self->data;
}

/**
 * iss_secret_get_size:
 * @self: a secret
 *
 * Returns: number of bytes
 */
gsize
iss_secret_get_size (IssSecret *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->size;
}

/**
 * iss_secret_get_string:
 * @self: a secret
 *
 * Returns: (transfer none) (nullable): the bytes as a string, or %NULL when
 *   there is a NUL among them: used as a string it would be another, shorter secret
 */
const char *
iss_secret_get_string (IssSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (memchr (self->data, '\0', self->size) != NULL)
    return NULL;

  return (const char *) self->data;
}

/**
 * iss_secret_equal:
 * @self: a secret
 * @other: another
 *
 * Compares in a time that depends on the sizes only.
 *
 * Returns: whether both hold the same bytes
 */
gboolean
iss_secret_equal (IssSecret *self,
                  IssSecret *other)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  return self->size == other->size
         && CRYPTO_memcmp (self->data, other->data, self->size) == 0;
}
