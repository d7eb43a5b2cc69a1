/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/certificate.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_DETAILS_VERSION_1,    /* what every certificate has */
  ISS_DETAILS_EXTENSION,
  ISS_DETAILS_PROPERTY      /* what is known about it beside what is in it */
} IssDetailsKind;

/**
 * IssDetailsShow:
 *
 * What the Details page shows of it, in the order of its list.
 */
typedef enum
{
  ISS_DETAILS_SHOW_ALL,
  ISS_DETAILS_SHOW_VERSION_1,
  ISS_DETAILS_SHOW_EXTENSIONS,
  ISS_DETAILS_SHOW_CRITICAL,
  ISS_DETAILS_SHOW_PROPERTIES,
  ISS_DETAILS_N_SHOWS
} IssDetailsShow;

/**
 * IssDetailsField:
 *
 * One field. The strings belong to the details.
 */
typedef struct
{
  const char     *name;       /* for programs: "serial-number"; of an extension "extension" */
  const char     *label;      /* "Serial number", translated; without a word: its OID */
  const char     *oid;        /* dotted; "" = none */
  const char     *value;      /* one line, at most 256 characters */
  const char     *text;       /* lines, as they are shown: at most some 256 */
  const char     *whole;      /* lines, as they are copied */
  const char     *note;       /* (nullable): what is wrong with it */
  IssDetailsKind  kind;
  gboolean        critical;
  gboolean        is_raw;     /* it is shown as the bytes that it is: see the note, if any */
} IssDetailsField;

/**
 * IssDetailsProperty:
 *
 * A property that the caller knows. Everything borrowed.
 */
typedef struct
{
  const char *name;
  const char *label;
  const char *value;
} IssDetailsProperty;

#define ISS_TYPE_DETAILS (iss_details_get_type ())

/* Everything there is in one certificate and known about it, as fields that
 * people read. Immutable. */
G_DECLARE_FINAL_TYPE (IssDetails, iss_details, ISS, DETAILS, GObject)

IssDetails            *iss_details_new             (IssCertificate            *certificate,
                                                    const IssDetailsProperty  *properties,
                                                    guint                      n_properties,
                                                    GTimeZone                 *zone)
                                                    G_GNUC_WARN_UNUSED_RESULT;

guint                  iss_details_get_n_fields    (IssDetails                *self);
const IssDetailsField *iss_details_get_field       (IssDetails                *self,
                                                    guint                      index);
/* (nullable): by name, or by OID */
const IssDetailsField *iss_details_find            (IssDetails                *self,
                                                    const char                *name_or_oid);
/* words or dotted OIDs; empty = any purpose */
char                 **iss_details_dup_purposes    (IssDetails                *self)
                                                    G_GNUC_WARN_UNUSED_RESULT;

gboolean               iss_details_field_is_shown  (const IssDetailsField     *field,
                                                    IssDetailsShow             show);

G_END_DECLS
