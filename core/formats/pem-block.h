/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/secret.h"

G_BEGIN_DECLS

/* One block of PEM text, from BEGIN to END. Borrowed from the text. */
typedef struct
{
  const char *label;        /* CERTIFICATE, … */
  gsize       label_size;
  const char *body;         /* headers and base64 */
  gsize       body_size;
} IssPemBlock;

typedef enum
{
  ISS_PEM_BLOCK_FOUND,
  ISS_PEM_BLOCK_NONE,       /* no further block begins */
  ISS_PEM_BLOCK_TORN        /* one begins and does not end */
} IssPemBlockResult;

IssPemBlockResult  iss_pem_block_next         (const char        **text,
                                               gsize              *size,
                                               IssPemBlock        *out_block);
gboolean           iss_pem_block_is           (const IssPemBlock  *self,
                                               const char         *label);
char              *iss_pem_block_dup_header   (const IssPemBlock  *self,
                                               const char         *name) G_GNUC_WARN_UNUSED_RESULT;
gboolean           iss_pem_block_decode       (const IssPemBlock  *self,
                                               guint8             *out_data,
                                               gsize              *out_size);
GBytes            *iss_pem_block_dup_bytes    (const IssPemBlock  *self) G_GNUC_WARN_UNUSED_RESULT;
IssSecret         *iss_pem_block_dup_secret   (const IssPemBlock  *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
