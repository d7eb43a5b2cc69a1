/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  ISS_CONNECTION_LOCAL,   /* local:///folder: a child process of ours */
  ISS_CONNECTION_SSH      /* ssh://user@host:port */
} IssConnectionKind;

#define ISS_TYPE_CONNECTION_ADDRESS (iss_connection_address_get_type ())

/* Where a server is reached. Immutable, boxed. */
typedef struct _IssConnectionAddress IssConnectionAddress;

GType                  iss_connection_address_get_type   (void);

IssConnectionAddress  *iss_connection_address_parse      (const char            *uri,
                                                          GError               **error)
                                                          G_GNUC_WARN_UNUSED_RESULT;
IssConnectionAddress  *iss_connection_address_ref        (IssConnectionAddress  *self);
void                   iss_connection_address_unref      (IssConnectionAddress  *self);

IssConnectionKind      iss_connection_address_get_kind   (IssConnectionAddress  *self);
const char            *iss_connection_address_get_uri    (IssConnectionAddress  *self);
/* (nullable) */
const char            *iss_connection_address_get_host   (IssConnectionAddress  *self);
/* (nullable) */
const char            *iss_connection_address_get_user   (IssConnectionAddress  *self);
/* 0 = ssh's own choice */
guint                  iss_connection_address_get_port   (IssConnectionAddress  *self);
/* (nullable) */
const char            *iss_connection_address_get_folder (IssConnectionAddress  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssConnectionAddress, iss_connection_address_unref)

G_END_DECLS
